package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The document names tests for every refusal and every pitfall: each of them must exist.
final class ProtocolDocumentTest {
    private static final List<String> MODULES =
            List.of("sealed-session", "access-token", "inference-relay", "gateway-service", "clients/java");
    private static final Pattern METHOD = Pattern.compile("^    void (\\w+)\\(", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(\\w+Test)?(?:\\.(\\w+))?`");

    @Test
    void everyTestTheDocumentNamesExists() throws IOException {
        String document = Files.readString(ProjectFiles.root().resolve("docs/protocol.md"));
        String tables = document.substring(document.indexOf("## Refusals"));
        int found = 0;
        for (String row : tables.lines().filter(line -> line.startsWith("|")).toList()) {
            String type = "";
            Matcher names = NAME.matcher(row);
            while (names.find()) {
                type = names.group(1) == null ? type : names.group(1);
                String method = names.group(2);
                if (method != null) {
                    assertThat(methods(type)).as(row).contains(method);
                } else if (!type.isEmpty()) {
                    assertThat(methods(type)).as(row).isNotEmpty();
                }
                found++;
            }
        }
        assertThat(found).isGreaterThan(100);
    }

    /// The test methods of all classes of that name in the modules that speak the protocol, by their sources: this
    /// module comes before the others.
    private static List<String> methods(String type) throws IOException {
        List<String> methods = new ArrayList<>();
        for (String module : MODULES) {
            Path tests = ProjectFiles.root().resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(path -> path.endsWith(type + ".java")).toList()) {
                    METHOD.matcher(Files.readString(file)).results().forEach(found -> methods.add(found.group(1)));
                }
            }
        }
        return methods;
    }
}

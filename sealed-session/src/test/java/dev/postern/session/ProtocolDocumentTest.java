package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The document names a test for every pitfall: each of them must exist.
final class ProtocolDocumentTest {
    private static final Pattern NAME = Pattern.compile("`(\\w+Test)?(?:\\.(\\w+))?`");

    @Test
    void everyTestTheDocumentNamesExists() throws IOException {
        String document = Files.readString(ProjectFiles.root().resolve("docs/protocol.md"));
        String pitfalls = document.substring(document.indexOf("## Pitfalls"));
        int found = 0;
        for (String row : pitfalls.lines().filter(line -> line.startsWith("|")).toList()) {
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
        assertThat(found).isGreaterThan(40);
    }

    private static String[] methods(String type) {
        try {
            Class<?> test = Class.forName(ProtocolDocumentTest.class.getPackageName() + "." + type);
            return Arrays.stream(test.getDeclaredMethods()).map(Method::getName).toArray(String[]::new);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("the document names " + type, e);
        }
    }
}

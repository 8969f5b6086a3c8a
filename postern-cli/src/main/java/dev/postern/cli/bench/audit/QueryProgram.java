package dev.postern.cli.bench.audit;

import dev.postern.cli.home.Directories;
import dev.postern.cli.platform.Checkout;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Measures the audit-service's index, in a process of the audit-service's own program, since no other program has that
/// code. Its files are in the temporary directory, and go in the end.
public final class QueryProgram {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN = "dev.postern.auditing.bench.QueryBenchMain";
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";
    private static final String MODULE = "audit-service";

    private final Checkout checkout;

    public QueryProgram(Checkout checkout) {
        this.checkout = checkout;
    }

    /// What was measured.
    ///
    /// @throws Failure when the program fails, or the disk does not take its files
    public QueryFigures run(long entries) throws InterruptedException {
        try {
            Path directory = Files.createTempDirectory("postern-bench-query");
            try {
                return QueryFigures.of(measured(entries, directory));
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException | JacksonException e) {
            throw new Failure("The index to measure could not be made in the temporary directory.", e);
        }
    }

    private JsonNode measured(long entries, Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        JAVA,
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + directory,
                        "-Dloader.main=" + MAIN,
                        "-cp",
                        checkout.jar(MODULE).toString(),
                        LAUNCHER,
                        Long.toString(entries),
                        directory.resolve("log").toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String document = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Failure("The measurement failed; what it said is above.");
            }
            return JsonMapper.shared().readTree(document);
        } finally {
            // It writes until it is gone.
            var _ = process.destroyForcibly().waitFor();
        }
    }
}

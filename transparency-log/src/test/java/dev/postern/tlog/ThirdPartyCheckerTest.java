package dev.postern.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checker that others wrote accepts our logs, and finds what was altered in them: fsck of Tessera, where
/// `deploy/audit/check-with-tessera.sh` has built it.
final class ThirdPartyCheckerTest {
    private static final String TOOL = ".postern/tools/tessera-fsck";
    private static final String SCRIPT = "deploy/audit/check-with-tessera.sh";
    private static final Path CHECKER = ProjectFiles.root().resolve(TOOL);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ENTRIES = 66_000;

    @TempDir
    Path home;

    private record Outcome(int exit, String output) {}

    private void writeUnlessThereIsNoChecker() throws IOException {
        boolean there = Files.isExecutable(CHECKER);
        if (!there) {
            System.out.println("Skipped: no third-party checker; deploy/audit/check-with-tessera.sh builds one.");
        }
        Assumptions.assumeTrue(there);
        Path vkeys = Files.createDirectories(home.resolve("vkeys"));
        Files.writeString(vkeys.resolve("testdata.vkey"), TestKeys.verifier() + "\n");
        TiledLog log = TiledLog.open(new LogDirectory(home.resolve("log").resolve(TestKeys.ORIGIN)), TestKeys.signer());
        for (int i = 0; i < ENTRIES; i++) {
            log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
    }

    /// What the script below this root says of the logs below `home`.
    private Outcome check(Path root, Map<String, String> environment) throws IOException, InterruptedException {
        Path said = home.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(root.resolve(SCRIPT).toString(), home.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE)).as("the script ends").isTrue();
            return new Outcome(process.exitValue(), Files.readString(said));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Outcome check() throws IOException, InterruptedException {
        return check(ProjectFiles.root(), Map.of());
    }

    @Test
    void logIsAcceptedAndAFlippedBitIsFound() throws Exception {
        writeUnlessThereIsNoChecker();
        assertThat(check()).isEqualTo(new Outcome(0, "ok     " + TestKeys.ORIGIN + "\n"));

        Path bundle = home.resolve("log").resolve(TestKeys.ORIGIN).resolve("tile/entries/100");
        byte[] content = Files.readAllBytes(bundle);
        content[content.length - 1] ^= 1;
        Files.write(bundle, content);
        assertThat(check()).satisfies(found -> {
            assertThat(found.exit()).isEqualTo(1);
            assertThat(found.output()).startsWith("BROKEN " + TestKeys.ORIGIN);
        });
    }

    /// Whatever it said until then.
    @Test
    void checkerThatDoesNotEndIsEndedAndTheLogCalledBroken() throws Exception {
        Path vkeys = Files.createDirectories(home.resolve("vkeys"));
        Files.writeString(vkeys.resolve("testdata.vkey"), TestKeys.verifier() + "\n");
        Path root = home.resolve("checkout");
        Path script = root.resolve(SCRIPT);
        Files.createDirectories(script.resolveSibling("."));
        Files.copy(ProjectFiles.root().resolve(SCRIPT), script, StandardCopyOption.COPY_ATTRIBUTES);
        Path checker = root.resolve(TOOL);
        Files.createDirectories(checker.resolveSibling("."));
        Files.writeString(checker, """
                #!/bin/sh
                echo "Successfully fsck'd"
                exec sleep 600
                """);
        assertThat(checker.toFile().setExecutable(true)).isTrue();

        assertThat(check(root, Map.of("POSTERN_CHECKER_SECONDS", "1"))).satisfies(found -> {
            assertThat(found.exit()).isEqualTo(1);
            assertThat(found.output()).startsWith("BROKEN " + TestKeys.ORIGIN).contains("ended after 1 s");
        });
    }
}

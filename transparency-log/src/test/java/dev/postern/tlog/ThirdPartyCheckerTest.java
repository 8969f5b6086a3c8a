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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checker that others wrote accepts our logs, and finds what was altered in them: fsck of Tessera, where
/// `deploy/audit/check-with-tessera.sh` has built it.
final class ThirdPartyCheckerTest {
    private static final Path CHECKER = ProjectFiles.root().resolve(".postern/tools/tessera-fsck");
    private static final int ENTRIES = 66_000;

    @TempDir
    Path home;

    private record Outcome(int exit, String output) {}

    @BeforeEach
    void write() throws IOException {
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

    private Outcome check() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProjectFiles.root()
                                .resolve("deploy/audit/check-with-tessera.sh")
                                .toString(),
                        home.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    @Test
    void logIsAcceptedAndAFlippedBitIsFound() throws Exception {
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
}

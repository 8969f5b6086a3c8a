package dev.postern.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The check on a log of three bundles, of which two are full.
class AuditTamperCheckTest {
    private static final String ORIGIN = "localhost/audit/2026w48";
    private static final int ENTRIES = 600;

    @TempDir
    Path audit;

    private void log() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        NoteSigner signer = new NoteSigner(NoteVerifier.of(ORIGIN, pair.getPublic()), message -> {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(message);
                return signature.sign();
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
        TiledLog log = TiledLog.open(new LogDirectory(audit.resolve("log").resolve(ORIGIN)), signer);
        for (int i = 0; i < ENTRIES; i++) {
            log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
            if (i % 100 == 0) {
                log.publish();
            }
        }
        log.publish();
        Files.createDirectories(audit.resolve("vkeys"));
        Files.writeString(audit.resolve("vkeys").resolve("2026w48.vkey"), signer.verifier() + "\n");
    }

    @Test
    void everyFlippedBitIsFoundAndItsFileNamed() throws Exception {
        log();
        for (int seed = 0; seed < 3; seed++) {
            try (LogCopy copy = LogCopy.of(audit)) {
                assertThat(AuditTamperCheck.run(copy, new Random(seed))).startsWith("9 flipped bits");
            }
        }
    }

    @Test
    void copyWhenClosedThenGoneAndTheLogUntouched() throws Exception {
        log();
        Path root;
        try (LogCopy copy = LogCopy.of(audit)) {
            root = copy.root();
            assertThat(copy.origins()).containsExactly(ORIGIN);
            Files.writeString(copy.log().resolve(ORIGIN).resolve("checkpoint"), "altered");
            assertThatThrownBy(() -> AuditTamperCheck.run(copy, new Random(1)))
                    .isInstanceOf(CheckFailed.class)
                    .hasMessageContaining("as it is");
        }
        assertThat(root).doesNotExist();
        assertThat(audit.resolve("log").resolve(ORIGIN).resolve("checkpoint"))
                .content()
                .startsWith(ORIGIN);
    }
}

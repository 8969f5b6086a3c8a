package dev.postern.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalKeyManagementTest extends KeyManagementContract {
    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse battery staple".toCharArray());

    @TempDir
    Path directory;

    private LocalKeyManagement kms = unopened();

    @SuppressWarnings("NullAway") // JUnit opens it before each test, once the directory is there.
    private static LocalKeyManagement unopened() {
        return null;
    }

    private Path file() {
        return directory.resolve("state/keyset.json");
    }

    private LocalKeyManagement open(Passphrase passphrase) {
        return LocalKeyManagement.open(file(), passphrase, new SecureRandom());
    }

    @BeforeEach
    void openEmpty() {
        kms = open(PASSPHRASE);
    }

    @AfterEach
    void close() {
        kms.close();
    }

    @Override
    KeyManagement kms() {
        return kms;
    }

    @Override
    KeyManagement restarted() {
        kms.close();
        kms = open(PASSPHRASE);
        return kms;
    }

    @Test
    void wrongPassphraseIsOneSentenceAndLeavesTheFileAlone() throws IOException {
        kms.publicKey(KeyName.signingP256("log"));
        kms.close();
        byte[] before = Files.readAllBytes(file());

        assertRefused(Reason.SEALED, () -> open(Passphrase.of("incorrect horse battery".toCharArray())));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        kms = open(PASSPHRASE);
    }

    @Test
    void alteredFileIsRefusedAndLeftAlone() throws IOException {
        kms.publicKey(KeyName.signingP256("log"));
        kms.close();
        String good = Files.readString(file());
        // Weakened parameters, another salt, another ciphertext, no JSON, nothing.
        for (String altered : new String[] {
            good.replace("600000", "600001"),
            good.replace("600000", "1000"),
            good.replaceFirst("\"salt\" : \"..", "\"salt\" : \"AA"),
            good.replaceFirst("\"sealed\" : \"....", "\"sealed\" : \"AAAA"),
            good.replace("keyset-1", "keyset-9"),
            good.substring(0, good.length() / 2),
            "null",
            ""
        }) {
            Files.writeString(file(), altered);
            assertRefused(Reason.SEALED, () -> open(PASSPHRASE));
            assertThat(Files.readString(file())).isEqualTo(altered);
        }
        Files.writeString(file(), good);
        kms = open(PASSPHRASE);
    }

    @Test
    void secondOpenerIsRefused() {
        assertRefused(Reason.UNAVAILABLE, () -> open(PASSPHRASE));
    }

    @Test
    void fileHoldsCiphertextAndIsTheOwnersAlone() throws IOException {
        byte[] wrapped = kms.wrap(KeyName.wrapping("pseudonyms"), new byte[32], new byte[0]);

        assertThat(wrapped).hasSize(1 + 4 + 12 + 32 + 16);
        assertThat(Files.readString(file(), StandardCharsets.UTF_8)).doesNotContain("pseudonyms");
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(file().resolveSibling(".")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(file().resolveSibling("keyset.json.new")).doesNotExist();
    }

    @Test
    void leftOverOfAnInterruptedWriteDoesNotHinder() throws IOException {
        Files.writeString(file().resolveSibling("keyset.json.new"), "half");
        kms.publicKey(KeyName.signingEd25519("log"));
        assertThat(restarted().publicKey(KeyName.signingEd25519("log"))).isNotNull();
    }

    @Test
    void passphrasePrintsNothingAndIsNotShort() throws IOException {
        assertThat(PASSPHRASE.toString()).isEqualTo("Passphrase[hidden]");
        assertThatThrownBy(() -> Passphrase.of("short".toCharArray())).isInstanceOf(IllegalArgumentException.class);
        assertRefused(Reason.UNAVAILABLE, () -> Passphrase.read(directory.resolve("none")));
        Files.writeString(directory.resolve("passphrase"), "correct horse battery staple\n");
        kms.close();
        kms = open(Passphrase.read(directory.resolve("passphrase")));
    }

    @Test
    void namesAreBounded() {
        for (String name : new String[] {"", "UPPER", "a/b", "-a", "a".repeat(65)}) {
            assertThatThrownBy(() -> KeyName.wrapping(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package dev.postern.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only the keyset file does; what every key management does is in `KeyManagementContract` of vault-access.
final class LocalKeyManagementTest {
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

    private KeyManagement restarted() {
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
            good.replace("keyset-2", "keyset-9"),
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
    void aKeysetOfTheFirstFormatIsReadAndGetsVersions() throws IOException {
        byte[] wrapped = HexFormat.of()
                .parseHex(
                        "010000000100f71ba3281d69f921807de01eebad86d62fec6eb639db24d51cd5c225fde27f260d0d394067f2a571");
        byte[] context = "old".getBytes(StandardCharsets.US_ASCII);
        KeyName key = KeyName.wrapping("pseudonyms");
        kms.close();
        try (InputStream first = LocalKeyManagementTest.class.getResourceAsStream("/keyset-format-1.json")) {
            Files.write(file(), first.readAllBytes());
        }
        kms = open(PASSPHRASE);

        assertThat(kms.unwrap(key, wrapped, context))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("an old secret");
        assertThat(kms.publicKey(KeyName.signingP256("log")).getEncoded())
                .isEqualTo(Base64.getDecoder()
                        .decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwQA6JMaSZ4mFziRnbmKg3T8he8w"
                                + "MWOAExjFazMlOhkt8HmaWXRt2IMrJSW5tFa3WaY4Kaplu3kZjwphE81jj7A=="));
        assertThat(Files.readString(file())).contains("postern-keyset-1");
        kms.rotate(key);
        byte[] moved = kms.rewrap(key, wrapped, context);
        assertThat(Files.readString(file())).contains("postern-keyset-2");
        assertThat(restarted().unwrap(key, moved, context))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("an old secret");
    }

    @Test
    void aFormatNumberThatWasChangedIsRefused() throws IOException {
        kms.rotate(made(KeyName.wrapping("pseudonyms")));
        kms.close();
        String good = Files.readString(file());
        Files.writeString(file(), good.replace("keyset-2", "keyset-1"));

        assertRefused(Reason.SEALED, () -> open(PASSPHRASE));
        Files.writeString(file(), good);
        kms = open(PASSPHRASE);
    }

    @Test
    void aVersionThatCannotBeKeptIsNotUsed() throws IOException {
        KeyName key = made(KeyName.wrapping("pseudonyms"));
        Path obstacle = file().resolveSibling("keyset.json.new");
        Files.createDirectories(obstacle.resolve("in-the-way"));

        assertRefused(Reason.UNAVAILABLE, () -> kms.rotate(key));
        assertRefused(Reason.UNAVAILABLE, () -> kms.wrap(KeyName.wrapping("another"), new byte[1], new byte[0]));
        assertThat(kms.versions(key)).isEqualTo(new KeyVersions(1, 1));
        Files.delete(obstacle.resolve("in-the-way"));
        assertThat(kms.rotate(key)).isEqualTo(new KeyVersions(1, 2));
    }

    private KeyName made(KeyName wrapping) {
        kms.wrap(wrapping, new byte[1], new byte[0]);
        return wrapping;
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

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyManagementException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }
}

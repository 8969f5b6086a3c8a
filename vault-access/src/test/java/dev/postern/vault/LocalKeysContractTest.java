package dev.postern.vault;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class LocalKeysContractTest extends KeyManagementContract {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit opens it before each test.
    private LocalKeyManagement kms;

    @BeforeEach
    void open() {
        kms = LocalKeyManagement.open(
                directory.resolve("keyset.json"),
                Passphrase.of("correct horse battery staple".toCharArray()),
                new SecureRandom());
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
        close();
        open();
        return kms;
    }
}

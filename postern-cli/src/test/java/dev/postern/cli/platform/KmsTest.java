package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A platform goes on with the keys that it has, wherever they are: never with none, nor with others.
@SuppressWarnings("NullAway.Init")
class KmsTest {
    private static final Kms VAULT =
            new Kms.Vault(URI.create("https://vault.example:8200"), Optional.empty(), Map.of());

    @TempDir
    Path directory;

    private PosternHome home;

    @BeforeEach
    void home() {
        home = new PosternHome(directory.resolve("home"));
    }

    @Test
    void homeThatIsNewTakesEither() {
        assertThatCode(() -> Kms.LOCAL.requireOwn(home)).doesNotThrowAnyException();
        assertThatCode(() -> VAULT.requireOwn(home)).doesNotThrowAnyException();
    }

    @Test
    void homeWithKeysetsTakesNoVault() throws Exception {
        write(home.caCertificate());
        write(home.data("key-rotation-service").resolve("keyset.json"));

        assertThatCode(() -> Kms.LOCAL.requireOwn(home)).doesNotThrowAnyException();
        assertThatThrownBy(() -> VAULT.requireOwn(home))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--kms");
    }

    @Test
    void homeWhoseKeysAreInAVaultTakesNoFiles() throws Exception {
        write(home.caCertificate());

        assertThatCode(() -> VAULT.requireOwn(home)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Kms.LOCAL.requireOwn(home))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("up --kms vault");
    }

    private static void write(Path file) throws Exception {
        PrivateFiles.directory(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "{}");
    }
}

package dev.postern.cli.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/// Makes a home ready for a start: directories, first secrets, first clients. Run again, it changes nothing that is
/// there.
public final class HomePreparation {
    /// The services that seal their keyset under a passphrase.
    private static final List<String> KEY_HOLDERS =
            List.of("key-rotation-service", "audit-service", "redaction-service", "token-service");

    private final PosternHome home;
    private final SecretText secrets;
    private final FirstClients clients;

    public HomePreparation(PosternHome home, SecureRandom random) {
        this.home = home;
        this.secrets = new SecretText(random);
        this.clients = new FirstClients(home, random);
    }

    public void run() {
        for (Path directory : List.of(
                home.root(),
                home.root().resolve("data"),
                home.root().resolve("clients"),
                home.root().resolve("logs"),
                home.run(),
                home.auditLog())) {
            PrivateFiles.directory(directory);
        }
        ensureSecret(home.redisPassword());
        for (String service : KEY_HOLDERS) {
            ensureSecret(home.data(service).resolve("kms-passphrase"));
        }
        clients.ensure();
    }

    private void ensureSecret(Path file) {
        if (!Files.exists(file)) {
            PrivateFiles.write(file, secrets.next());
        }
    }
}

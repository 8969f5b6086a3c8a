package dev.postern.cli.home;

import java.nio.file.Path;
import java.util.Map;

/// The directory that holds everything a local platform remembers: `POSTERN_HOME`, or `.postern` in the checkout.
public record PosternHome(Path root) {
    public PosternHome {
        root = root.toAbsolutePath().normalize();
    }

    public static PosternHome of(Map<String, String> environment, Path checkout) {
        String chosen = environment.get("POSTERN_HOME");
        return new PosternHome(
                chosen == null || chosen.isBlank() ? checkout.resolve(".postern") : Path.of(chosen.strip()));
    }

    public Path caCertificate() {
        return root.resolve("ca.pem");
    }

    /// Where a service keeps what must outlive it.
    public Path data(String service) {
        return root.resolve("data").resolve(service);
    }

    public Path client(String name) {
        return root.resolve("clients").resolve(name);
    }

    public Path log(String process) {
        return root.resolve("logs").resolve(process + ".log");
    }

    /// What runs now: one record per process.
    public Path run() {
        return root.resolve("run");
    }

    public Path redisPassword() {
        return data("redis").resolve("password");
    }

    /// The public half of the key that backups are sealed to.
    public Path backupKey() {
        return root.resolve("backup-key.pub");
    }

    /// Is there only while a backup is being restored, or after that was interrupted.
    public Path restoring() {
        return root.resolve("restoring");
    }

    public Path operatorCertificate() {
        return client("operator").resolve("cert.pem");
    }

    public Path operatorKey() {
        return client("operator").resolve("key.pem");
    }

    /// The audit log's directory: `log/` with the tiles and `vkeys/` with the public keys.
    public Path auditLog() {
        return data("audit");
    }
}

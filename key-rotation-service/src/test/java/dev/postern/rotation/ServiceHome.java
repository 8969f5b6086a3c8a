package dev.postern.rotation;

import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.springframework.test.context.DynamicPropertyRegistry;

/// A home as the launcher prepares it: passphrase, and join tokens.
final class ServiceHome {
    private final Path root;

    private ServiceHome(Path root) {
        this.root = root;
    }

    static ServiceHome prepare(Path root, DynamicPropertyRegistry registry) {
        try {
            Path data = Files.createDirectories(root.resolve("data/key-rotation-service"));
            Files.createDirectories(data.resolve("join"));
            Files.writeString(data.resolve("kms-passphrase"), "correct horse battery staple");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        registry.add("postern.home", root::toString);
        registry.add("server.port", () -> "0");
        registry.add("management.server.port", () -> "0");
        // Nothing answers there: the spool keeps what is recorded.
        registry.add("postern.endpoints.audit", () -> "https://localhost:1");
        return new ServiceHome(root);
    }

    Path redisPassword() {
        try {
            return Files.writeString(root.resolve("redis-password"), RedisForTests.PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path certificate() {
        return root.resolve("ca.pem");
    }

    Path tokenFile(String workload) {
        return root.resolve(workload.replace('/', '-') + ".token");
    }

    /// Admits a workload once, with a token that is also written to its file.
    String admit(String workload, Duration validity) {
        String token = "token-for-" + workload + "-" + System.nanoTime();
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
            Files.writeString(
                    root.resolve("data/key-rotation-service/join").resolve(hash + ".json"),
                    "{\"service\":\"" + workload + "\",\"expires_at\":\""
                            + Clock.systemUTC().instant().plus(validity) + "\"}");
            Files.writeString(tokenFile(workload), token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return token;
    }
}

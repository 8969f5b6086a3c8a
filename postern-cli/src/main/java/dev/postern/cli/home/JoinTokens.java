package dev.postern.cli.home;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import tools.jackson.databind.json.JsonMapper;

/// One-time tokens with which a process asks the platform's authority for its first certificate.
///
/// The authority's directory holds only the token's hash; whoever deletes that file first has used the token.
public final class JoinTokens {
    /// Longer than the slowest start, shorter than a forgotten token is dangerous.
    private static final Duration VALID = Duration.ofMinutes(10);

    private final PosternHome home;
    private final SecretText secrets;
    private final Clock clock;

    public JoinTokens(PosternHome home, SecretText secrets, Clock clock) {
        this.home = home;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// Writes a new token for `service` to `tokenFile` (0600) and its hash to the authority's directory.
    public void issue(String service, Path tokenFile) {
        String token = secrets.next();
        String grant = new JsonMapper()
                .createObjectNode()
                .put("service", service)
                .put("expires_at", clock.instant().plus(VALID).toString())
                .toString();
        PrivateFiles.write(home.data("key-rotation-service").resolve("join").resolve(hash(token) + ".json"), grant);
        PrivateFiles.write(tokenFile, token);
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

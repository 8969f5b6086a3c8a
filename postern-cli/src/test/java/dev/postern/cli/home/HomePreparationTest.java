package dev.postern.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.postern.test.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HomePreparationTest {
    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();

    @Test
    void runWhenRepeatedThenKeepsTheFirstSecrets() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));
        new HomePreparation(home, random).run();
        String password = Files.readString(home.redisPassword());
        ECKey key = new ClientKeys(home, "demo").signingKey();

        new HomePreparation(home, random).run();

        assertThat(Files.readString(home.redisPassword())).isEqualTo(password).hasSize(43);
        assertThat(new ClientKeys(home, "demo").signingKey()).isEqualTo(key);
    }

    @Test
    void registrationsWhenWrittenThenHoldThePublicHalfOnly() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));
        new HomePreparation(home, random).run();

        JsonNode client = new JsonMapper()
                .readTree(Files.readString(home.data("token-service").resolve("bootstrap-clients.json")))
                .path(0);

        assertThat(client.path("client_id").asString()).isEqualTo("demo");
        assertThat(client.at("/jwks/keys/0/x").asString()).isNotEmpty();
        assertThat(client.at("/jwks/keys/0").has("d")).isFalse();
    }

    @Test
    void registrationsWhenAnOperatorAddedAClientThenKept() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));
        new HomePreparation(home, random).run();
        Path file = home.data("token-service").resolve("bootstrap-clients.json");
        Files.writeString(file, "[{\"client_id\":\"billing\",\"tenant\":\"acme\"}]");

        new HomePreparation(home, random).run();

        JsonNode clients = new JsonMapper().readTree(Files.readString(file));
        assertThat(clients.valueStream().map(client -> client.path("client_id").asString()))
                .containsExactly("demo", "guardian", "security", "security-2", "billing");
    }

    @Test
    void joinTokenWhenIssuedThenAuthorityGetsOnlyItsHash() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));
        Path tokenFile = home.data("token-service").resolve("join-token");

        new JoinTokens(home, new SecretText(random), MutableClock.atNoon()).issue("token-service", tokenFile);

        String token = Files.readString(tokenFile);
        try (Stream<Path> grants = Files.list(home.data("key-rotation-service").resolve("join"))) {
            Path grant = grants.toList().getFirst();
            assertThat(grant.getFileName().toString()).matches("[0-9a-f]{64}\\.json");
            assertThat(Files.readString(grant))
                    .doesNotContain(token)
                    .contains("\"service\":\"token-service\"")
                    .contains("2026-11-23T12:10:00Z");
        }
    }
}

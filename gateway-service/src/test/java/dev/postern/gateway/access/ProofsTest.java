package dev.postern.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.redis.RedisSingleUse;
import dev.postern.test.RedisForTests;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopNonces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/// Single use of proofs among replicas that share a Redis.
final class ProofsTest {
    private static final String ORIGIN = "https://gateway.test";
    private static final String TOKEN = "token";

    private final Clock clock = Clock.systemUTC();
    private final DpopKey key = DpopKey.generate(new SecureRandom(), clock);
    private final DpopNonces nonces = new DpopNonces(clock, new SecureRandom());
    private final ServerHttpRequest request =
            MockServerHttpRequest.get("https://spoofed.test/v1/models?x=y").build();

    @TempDir
    private Path home = Path.of("");

    @Test
    void proofWhenReplayedAtAnotherReplicaThenRefused() throws IOException {
        try (RedisForTests redis = RedisForTests.start();
                RedisLink one = link(redis);
                RedisLink two = link(redis)) {
            String proof = proof();
            assertThat(spend(one, proof)).isEmpty();
            assertThat(spend(two, proof)).contains(Failure.PROOF_REPLAYED);
            assertThat(spend(two, proof())).isEmpty();
        }
    }

    @Test
    void proofWhileRedisIsAwayThenRefusedForNow() throws IOException {
        RedisForTests redis = RedisForTests.start();
        try (RedisLink link = link(redis)) {
            redis.close();
            while (link.isReachable().toCompletableFuture().join()) {
                Thread.onSpinWait();
            }
            assertThat(spend(link, proof())).contains(Failure.REPLAY_UNAVAILABLE);
        }
    }

    @Test
    void proofWhenItsNonceIsOfAnotherReplicaThenANewOneIsAskedFor() throws IOException {
        try (RedisForTests redis = RedisForTests.start();
                RedisLink link = link(redis)) {
            String foreign = new DpopNonces(clock, new SecureRandom()).current();
            assertThat(spend(link, key.prove(expected().withNonce(foreign)))).contains(Failure.PROOF_NONCE);
        }
    }

    private Optional<Failure> spend(RedisLink link, String proof) {
        Proofs proofs = new Proofs(ORIGIN, nonces, new RedisSingleUse(link), clock);
        try {
            proofs.spend(proofs.verify(proof, request, TOKEN), request).block(Duration.ofSeconds(5));
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.failure());
        }
    }

    private String proof() {
        return key.prove(expected().withNonce(nonces.current()));
    }

    private static DpopExpectation expected() {
        return DpopExpectation.of("GET", ORIGIN + "/v1/models").forToken(TOKEN);
    }

    private RedisLink link(RedisForTests redis) throws IOException {
        Path password = Files.writeString(home.resolve("password"), RedisForTests.PASSWORD);
        RedisLink link =
                RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofMillis(500)));
        while (!link.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
        return link;
    }
}

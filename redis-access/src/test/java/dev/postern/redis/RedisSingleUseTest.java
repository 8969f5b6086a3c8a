package dev.postern.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redis.SingleUse.Use;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisSingleUseTest {
    private static final Duration LIFE = Duration.ofSeconds(30);

    @TempDir
    private Path home = Path.of("");

    @Test
    void claimWhenRacedThenOneIsFirst() throws IOException, InterruptedException {
        try (RedisForTests redis = RedisForTests.start();
                RedisLink link = link(redis)) {
            SingleUse store = new RedisSingleUse(link);
            awaitReachable(link);
            List<CompletableFuture<Use>> claims = Stream.generate(() -> store.claim("one", LIFE))
                    .limit(50)
                    .map(claim -> claim.toCompletableFuture())
                    .toList();
            assertThat(claims.stream().map(CompletableFuture::join).filter(Use.FIRST::equals))
                    .hasSize(1);
            assertThat(store.claim("other", LIFE).toCompletableFuture().join()).isEqualTo(Use.FIRST);
        }
    }

    @Test
    void claimWhenRedisIsAwayThenUnavailableAtOnce() throws IOException, InterruptedException {
        RedisForTests redis = RedisForTests.start();
        try (RedisLink link = link(redis)) {
            SingleUse store = new RedisSingleUse(link);
            awaitReachable(link);
            redis.close();
            while (link.isReachable().toCompletableFuture().join()) {
                Thread.onSpinWait();
            }
            assertThat(store.claim("one", LIFE).toCompletableFuture().join()).isEqualTo(Use.UNAVAILABLE);
        }
    }

    private RedisLink link(RedisForTests redis) throws IOException {
        Path password = Files.writeString(home.resolve("password"), RedisForTests.PASSWORD + "\n");
        return RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofMillis(500)));
    }

    private static void awaitReachable(RedisLink link) {
        while (!link.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
    }
}

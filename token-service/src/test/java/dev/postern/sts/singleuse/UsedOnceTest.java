package dev.postern.sts.singleuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.redis.RedisSingleUse;
import dev.postern.redis.SingleUse;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.refusal.Refused;
import dev.postern.sts.singleuse.UsedOnce.Kind;
import dev.postern.test.MutableClock;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class UsedOnceTest {
    private final MutableClock clock = MutableClock.atNoon();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void useWhenRedisRemembersThenOnceForAllReplicas() throws Exception {
        try (RedisForTests server = RedisForTests.start();
                RedisLink one = link(server);
                RedisLink other = link(server)) {
            dedicated(one);
            dedicated(other);
            UsedOnce here = new UsedOnce(awaiting(one), clock);
            UsedOnce there = new UsedOnce(awaiting(other), clock);

            assertThat(use(here, "client", "id")).isTrue();
            assertThat(use(here, "client", "id")).isFalse();
            assertThat(use(there, "client", "id")).as("at another replica").isFalse();
            assertThat(use(there, "client", "id2")).isTrue();
            assertThat(use(here, "other", "id"))
                    .as("another owner cannot be burnt")
                    .isTrue();
            assertThat(here.isFirst(Kind.DPOP_PROOF, "client", "id", clock.instant()))
                    .isTrue();
            assertThat(winnersOfARace(here, there)).isEqualTo(1);
        }
    }

    @Test
    void useWhenNobodyCanSayThenRefusedForNow() {
        UsedOnce away = new UsedOnce((_, _) -> CompletableFuture.completedStage(SingleUse.Use.UNAVAILABLE), clock);
        assertThatThrownBy(() -> use(away, "client", "id"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.TEMPORARILY_UNAVAILABLE));
    }

    private int winnersOfARace(UsedOnce here, UsedOnce there) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> uses = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                UsedOnce replica = i % 2 == 0 ? here : there;
                uses.add(threads.submit(() -> use(replica, "client", "contested")));
            }
            int winners = 0;
            for (Future<Boolean> one : uses) {
                winners += one.get() ? 1 : 0;
            }
            return winners;
        }
    }

    private RedisLink link(RedisForTests server) throws IOException {
        Path password = Files.writeString(directory.resolve("password"), RedisForTests.PASSWORD);
        return RedisLink.open(new RedisSettings(server.host(), server.port(), password, Duration.ofSeconds(5)));
    }

    /// Fails early and clearly when the server is not there.
    private static void dedicated(RedisLink link) throws Exception {
        link.dedicated().get(20, TimeUnit.SECONDS).close();
    }

    /// A claim of a link that is still connecting says so; the first one waits for it.
    private static SingleUse awaiting(RedisLink link) {
        SingleUse store = new RedisSingleUse(link);
        while (link.connection().isEmpty()) {
            Thread.onSpinWait();
        }
        return store;
    }

    private boolean use(UsedOnce usedOnce, String owner, String id) {
        return usedOnce.isFirst(
                Kind.CLIENT_ASSERTION, owner, id, clock.instant().plusSeconds(300));
    }
}

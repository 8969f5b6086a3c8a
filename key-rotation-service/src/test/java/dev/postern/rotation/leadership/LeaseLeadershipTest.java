package dev.postern.rotation.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two candidates on a real Redis; each renews when the test says so.
@SuppressWarnings("NullAway.Init")
final class LeaseLeadershipTest {
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final ScheduledExecutorService idle = Executors.newSingleThreadScheduledExecutor();
    private RedisForTests redis;
    private RedisLink link;
    private LeaseLeadership one;
    private LeaseLeadership two;

    @BeforeEach
    void connect() throws IOException {
        redis = RedisForTests.start();
        Path password = Files.writeString(directory.resolve("password"), RedisForTests.PASSWORD);
        link = RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofSeconds(2)));
        await().atMost(PATIENCE).until(() -> link.connection().isPresent());
        one = candidate("one");
        two = candidate("two");
    }

    /// One that has read the ledger, where nobody has led yet.
    private LeaseLeadership candidate(String name) {
        LeaseLeadership candidate = new LeaseLeadership(link, name, TTL, idle);
        assertThat(candidate.fence(0))
                .as("before the first answer nobody leads")
                .isEmpty();
        return candidate;
    }

    @AfterEach
    void disconnect() throws IOException {
        idle.shutdownNow();
        link.close();
        redis.close();
    }

    private void renew() {
        one.renew();
        two.renew();
    }

    private void lease(Duration left) {
        var _ = link.connection().orElseThrow().sync().pexpire("{postern:rotation}:lease", left.toMillis());
    }

    @Test
    void oneLeadsAndKeepsItsFence() {
        renew();
        assertThat(one.fence(0)).hasValue(1);
        assertThat(two.fence(0)).isEmpty();
        renew();
        assertThat(one.fence(1)).as("its own fence in the ledger is no other's").hasValue(1);
    }

    @Test
    void deadLeaderIsSucceededWithAHigherFence() {
        renew();
        lease(Duration.ofMillis(50));
        await().atMost(PATIENCE).until(() -> {
            two.renew();
            return two.fence(1).isPresent();
        });
        assertThat(two.fence(1)).hasValue(2);
        one.renew();
        assertThat(one.fence(2)).as("it hears that another leads").isEmpty();
    }

    @Test
    void whoLeavesIsSucceededAtOnce() {
        renew();
        one.close();
        assertThat(one.fence(0)).isEmpty();
        await().atMost(PATIENCE).until(() -> {
            two.renew();
            return two.fence(0).isPresent();
        });
    }

    @Test
    void redisThatLostItsMemoryGivesNoOldFence() {
        renew();
        assertThat(one.fence(7)).hasValue(1);
        one.renew();
        assertThat(one.fence(7)).as("above all that the ledger has seen").hasValue(8);
        var _ = link.connection().orElseThrow().sync().flushall();
        two.fence(8);
        two.renew();
        assertThat(two.fence(8)).hasValue(9);
    }

    @Test
    void withoutRedisWhoLedGoesOnAndNobodyBegins() throws IOException {
        one.renew();
        redis.close();
        renew();
        assertThat(one.fence(1)).isEqualTo(OptionalLong.of(1));
        assertThat(two.fence(1)).isEmpty();
    }
}

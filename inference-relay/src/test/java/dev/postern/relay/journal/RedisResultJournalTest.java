package dev.postern.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.relay.journal.ResultJournal.Claim;
import dev.postern.test.RedisForTests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What keeping an answer costs, over a real Redis.
@SuppressWarnings("NullAway.Init")
class RedisResultJournalTest {
    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final int LIMIT = 2_000;

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountingRandom random = new CountingRandom();
    private final Effect effect = new Effect("acme", "app", UUID.randomUUID().toString());
    private RedisForTests redis;
    private RedisLink link;
    private RedisResultJournal journal;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisForTests.start();
        Path password = Files.writeString(directory.resolve("redis-password"), RedisForTests.PASSWORD + "\n");
        link = RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofMillis(500)));
        Awaitility.await().until(() -> link.isReachable().toCompletableFuture().join());
        journal = new RedisResultJournal(link, random, new JournalProperties(LIMIT), meters, System::nanoTime);
    }

    @AfterEach
    void disconnect() throws Exception {
        link.close();
        redis.close();
    }

    private Claim claim() throws Exception {
        return journal.claim(effect, LIFE).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private double kept() {
        return meters.get("postern.journal.kept").gauge().value();
    }

    private double left() {
        return meters.get("postern.journal.left").counter().count();
    }

    private static Result answer(int length) {
        return new Result(false, List.of("x".repeat(length).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsKeptIsCountedAndGivenAgain() throws Exception {
        assertThat(claim()).isEqualTo(new Claim.First());
        journal.keep(effect, answer(100), LIFE);
        assertThat(kept()).isBetween(100.0, 500.0);
        assertThat(claim())
                .isInstanceOfSatisfying(
                        Claim.Known.class,
                        known -> assertThat(known.result().contents())
                                .containsExactly(answer(100).contents().getFirst()));
    }

    @Test
    void whatFindsNoRoomIsNotEvenSealed() {
        journal.keep(effect, answer(LIMIT), LIFE);
        assertThat(random.asked.get()).isZero();
        assertThat(left()).isEqualTo(1);
        assertThat(kept()).isZero();
    }

    @Test
    void whatCannotBeWrittenIsNotCountedAsKept() throws Exception {
        redis.close();
        Awaitility.await()
                .until(() -> link.connection().filter(open -> open.isOpen()).isEmpty());
        journal.keep(effect, answer(100), LIFE);
        assertThat(kept()).isZero();
        assertThat(left()).isZero();
    }

    @Test
    void theLengthIsKnownBeforeItIsSealed() {
        for (int length = 0; length < 10; length++) {
            Result whole = answer(length);
            Result events = new Result(true, List.of(new byte[length], new byte[0], new byte[1]));
            for (Result result : List.of(whole, events)) {
                assertThat(new SealedResult(effect).seal(result, random)).hasSize(SealedResult.length(result));
            }
        }
    }

    private static final class CountingRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public void nextBytes(byte[] bytes) {
            asked.incrementAndGet();
            super.nextBytes(bytes);
        }
    }
}

package dev.postern.relay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.relay.replay.ReplayStore.Fence;
import dev.postern.relay.replay.ReplayStore.Marks;
import dev.postern.relay.replay.ReplayStore.Verdict;
import dev.postern.session.ReplayWindow;
import dev.postern.test.RedisForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The window in Redis against the window in memory, and the fence.
@SuppressWarnings("NullAway.Init")
class RedisReplayStoreTest {
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static RedisForTests redis;

    @TempDir
    private Path directory;

    private final String session = UUID.randomUUID().toString();
    private RedisLink link;
    private RedisReplayStore store;

    @BeforeAll
    static void startRedis() {
        redis = RedisForTests.start();
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @BeforeEach
    void connect() throws Exception {
        link = link(redis);
        store = new RedisReplayStore(link, new SecureRandom(), Clock.systemUTC());
    }

    @AfterEach
    void disconnect() {
        link.close();
    }

    private RedisLink link(RedisForTests to) throws Exception {
        Path password = Files.writeString(directory.resolve("redis-password"), RedisForTests.PASSWORD + "\n");
        RedisLink opened = RedisLink.open(new RedisSettings(to.host(), to.port(), password, Duration.ofMillis(500)));
        Awaitility.await()
                .until(() -> opened.isReachable().toCompletableFuture().join());
        return opened;
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1024, 8192})
    void saysWhatTheWindowInMemorySaysOnRandomWalks(int bits) throws Exception {
        Random random = new Random(bits);
        ReplayWindow memory = new ReplayWindow(bits);
        Fence fence = store.own(session, LIFE);
        long centre = 0;
        for (int round = 0; round < 200; round++) {
            centre += random.nextInt(10) == 0 ? random.nextLong(4L * bits) : random.nextInt(70);
            List<Long> numbers = new ArrayList<>();
            List<Boolean> expected = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                long number = Math.max(0, centre - random.nextLong(bits + bits / 4L) + random.nextInt(8));
                numbers.add(number);
                boolean fresh = memory.peek(number) == ReplayWindow.Verdict.FRESH;
                expected.add(fresh);
                if (fresh) {
                    memory.mark(number);
                }
            }
            assertThat(mark(fence, 0, bits, numbers))
                    .as("round %d, %s", round, numbers)
                    .isEqualTo(new Verdict.Marked(expected));
        }
    }

    @Test
    void numbersUpToTheLargestAreExact() throws Exception {
        Fence fence = store.own(session, LIFE);
        long largest = (1L << 53) - 1;
        assertThat(mark(fence, 0, 1024, List.of(largest - 1, largest, largest, largest - 1, largest - 1024)))
                .isEqualTo(new Verdict.Marked(List.of(true, true, false, false, false)));
    }

    /// It answers, so that it would seem to have forgotten for as long as it lasts, and every batch pass unmarked.
    @Test
    void aRedisThatReadsAndDoesNotWriteIsAway() throws Exception {
        Fence first = store.own(session, LIFE);
        assertThat(mark(first, 0, 64, List.of(1L))).isInstanceOf(Verdict.Marked.class);
        link.connection().orElseThrow().sync().configSet("min-replicas-to-write", "1");
        try {
            Fence second = store.ownAnew(session, first, LIFE);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(mark(second, 0, 64, List.of(2L))).isInstanceOf(Verdict.Away.class));
        } finally {
            link.connection().orElseThrow().sync().configSet("min-replicas-to-write", "0");
        }
    }

    @Test
    void epochsHaveWindowsOfTheirOwn() throws Exception {
        Fence fence = store.own(session, LIFE);
        assertThat(mark(fence, 0, 1024, List.of(7L))).isEqualTo(new Verdict.Marked(List.of(true)));
        assertThat(mark(fence, 1, 1024, List.of(7L))).isEqualTo(new Verdict.Marked(List.of(true)));
        assertThat(mark(fence, 0, 1024, List.of(7L))).isEqualTo(new Verdict.Marked(List.of(false)));
    }

    @Test
    void oneOfManyThatRaceMarksANumber() throws Exception {
        Fence fence = store.own(session, LIFE);
        List<CompletableFuture<Verdict>> racing = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            racing.add(
                    store.mark(new Marks(session, fence, 0, 1024, List.of(3L))).toCompletableFuture());
        }
        int fresh = 0;
        for (CompletableFuture<Verdict> one : racing) {
            fresh += one.get(10, TimeUnit.SECONDS).equals(new Verdict.Marked(List.of(true))) ? 1 : 0;
        }
        assertThat(fresh).isEqualTo(1);
    }

    @Test
    void onlyTheLastOwnerMarks() throws Exception {
        Fence first = store.own(session, LIFE);
        Fence second = store.own(session, LIFE);
        assertThat(mark(first, 0, 1024, List.of(1L))).isEqualTo(new Verdict.Fenced());
        assertThat(mark(second, 0, 1024, List.of(1L))).isEqualTo(new Verdict.Marked(List.of(true)));
    }

    @Test
    void anEarlierFenceOfTheSameOwnerIsForgettingAndAnybodyElsesIsNot() throws Exception {
        Fence first = store.own(session, LIFE);
        Fence second = store.ownAnew(session, first, LIFE);
        Fence third = store.ownAnew(session, second, LIFE);
        String key = "postern:ssp1:{" + session + "}:fence";
        var commands = link.connection().orElseThrow().sync();
        for (Fence earlier : List.of(first, second)) {
            commands.set(key, earlier.token());
            assertThat(mark(third, 0, 1024, List.of(1L))).isEqualTo(new Verdict.Forgotten());
        }
        // A copy of the session, made when it had its first fence.
        Fence copys = store.ownAnew(session, first, LIFE);
        for (Fence generation : List.of(third, new Fence(third.token(), third.taken() - 1, third.earlier()))) {
            assertThat(mark(generation, 0, 1024, List.of(1L))).isEqualTo(new Verdict.Fenced());
        }
        commands.set(key, third.token());
        assertThat(mark(copys, 0, 1024, List.of(1L))).isEqualTo(new Verdict.Fenced());
    }

    @Test
    void onlySoManyEarlierFencesAreRemembered() {
        Fence fence = store.own(session, LIFE);
        for (int i = 0; i < 100; i++) {
            Fence last = fence;
            fence = store.ownAnew(session, last, LIFE);
            assertThat(fence.earlier()).hasSizeLessThanOrEqualTo(16).startsWith(last.token());
        }
    }

    @Test
    void aSessionThatNobodyOwnsIsForgotten() throws Exception {
        assertThat(mark(new Fence("no-fence", 0, List.of()), 0, 1024, List.of(1L)))
                .isEqualTo(new Verdict.Forgotten());
    }

    @Test
    void nothingIsRememberedForEver() throws Exception {
        Fence fence = store.own(session, LIFE);
        var _ = mark(fence, 0, 1024, List.of(1L));
        var commands = link.connection().orElseThrow().sync();
        assertThat(commands.keys("postern:ssp1:{" + session + "}:*"))
                .hasSize(3)
                .allSatisfy(key -> assertThat(commands.pttl(key)).isPositive());
    }

    @Test
    void aRedisThatIsGoneIsAway() throws Exception {
        RedisForTests own = RedisForTests.start();
        try (RedisLink other = link(own)) {
            RedisReplayStore gone = new RedisReplayStore(other, new SecureRandom(), Clock.systemUTC());
            Fence fence = gone.own(session, LIFE);
            own.close();
            assertThat(gone.mark(new Marks(session, fence, 0, 1024, List.of(1L)))
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS))
                    .isEqualTo(new Verdict.Away());
        }
    }

    private Verdict mark(Fence fence, int epoch, int bits, List<Long> numbers) throws Exception {
        return store.mark(new Marks(session, fence, epoch, bits, numbers))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}

package dev.postern.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.test.RedisForTests;
import dev.postern.token.TrustState.Standing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Publisher and follower over a real Redis, on the real clock.
final class FollowTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration SILENCE = Duration.ofMillis(900);
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path home = Path.of("");

    private final Parties parties = Parties.at(CLOCK);
    private final WorkloadIdentity tokenService = parties.service("token-service");
    private final FakeSource source = new FakeSource();
    private final AtomicBoolean overHttps = new AtomicBoolean(true);
    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisForTests redis = RedisForTests.start();

    @BeforeEach
    void begin() {
        open.add(redis);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void changesReachListenersInOrderAndOnce() throws Exception {
        TrustPublisher publisher = publisher();
        TrustFollower follower = follower(publisher);
        List<String> heard = new CopyOnWriteArrayList<>();
        follower.onRevocation(revocation -> heard.add(revocation.value()));
        List<Long> epochs = new CopyOnWriteArrayList<>();
        follower.onPolicy(policy -> epochs.add(policy.epoch()));
        awaitCurrent(follower);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            expected.add("token-" + i);
            assertThat(revoke(publisher, "token-" + i)).isEqualTo(Publication.ON_FEED);
        }
        source.add(new PolicyPublished(1, 0, "{}"));
        await().atMost(SOON).until(() -> epochs.equals(List.of(1L)));
        assertThat(heard).isEqualTo(expected);
        assertThat(follower.standingOf(SomeToken.issuedAt(CLOCK.instant()))).isEqualTo(Standing.REVOKED);
    }

    @Test
    void whatTheSourceHoldsReachesTheFeedWithoutBeingPublished() throws Exception {
        TrustFollower follower = follower(publisher());
        awaitCurrent(follower);
        overHttps.set(false);
        source.add(Revocation.of(Revocation.Kind.CLIENT, "client-1", CLOCK.instant(), "test"));
        await().atMost(SOON).until(() -> isRevoked(follower));
    }

    @Test
    void followerThatStartsLateReadsTheSnapshot() throws Exception {
        TrustPublisher publisher = publisher();
        revoke(publisher, "token-1");
        overHttps.set(false);
        TrustFollower late = follower(publisher);
        awaitCurrent(late);
        assertThat(isRevoked(late)).isTrue();
    }

    @Test
    void redisThatLostEverythingBeginsANewGenerationAndNothingIsForgotten() throws Exception {
        TrustPublisher publisher = publisher();
        List<Boolean> currency = new CopyOnWriteArrayList<>();
        TrustFollower follower = follower(publisher, currency::add);
        awaitTrue(currency);
        revoke(publisher, "token-1");
        overHttps.set(false);
        long before = follower.state().generation();
        command("FLUSHALL");
        await().atMost(SOON).until(() -> follower.state().generation() > before);
        awaitCurrent(follower);
        assertThat(isRevoked(follower)).isTrue();
        assertThat(currency).containsExactly(true);
        revoke(publisher, "token-2");
        TrustFollower late = follower(publisher);
        awaitCurrent(late);
        assertThat(isRevoked(late)).isTrue();
    }

    @Test
    void redisThatLostTheEndBeginsANewGeneration() throws Exception {
        TrustPublisher publisher = publisher();
        TrustFollower follower = follower(publisher);
        awaitCurrent(follower);
        await().atMost(SOON).until(() -> follower.state().seq() > 3);
        long before = follower.state().generation();
        command("SET", "postern:trust:{token-service}:head", before + "-1");
        await().atMost(SOON).until(() -> follower.state().generation() > before);
        awaitCurrent(follower);
    }

    @Test
    void whileRedisIsAwayRevocationsComeOverHttps() throws Exception {
        TrustPublisher publisher = publisher();
        List<Boolean> currency = new CopyOnWriteArrayList<>();
        TrustFollower follower = follower(publisher, currency::add);
        awaitTrue(currency);
        redis.close();
        assertThat(revoke(publisher, "token-1")).isEqualTo(Publication.PENDING);
        long asked = System.nanoTime();
        await().atMost(SOON).until(() -> isRevoked(follower));
        System.out.println("revoked over HTTPS after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)
                + " ms without Redis");
        long snapshots = follower.state().fromSnapshots();
        await().atMost(SOON).until(() -> follower.state().fromSnapshots() > snapshots + 5);
        assertThat(follower.current()).isTrue();
        assertThat(currency).containsExactly(true);
    }

    @Test
    void redisThatHangsAndComesBackIsReadAgain() throws Exception {
        TrustPublisher publisher = publisher();
        TrustFollower follower = follower(publisher);
        awaitCurrent(follower);
        long before = follower.state().seq();
        command("CLIENT", "PAUSE", "2000");
        await().atMost(SOON).until(() -> follower.state().fromSnapshots() > 3);
        assertThat(follower.current()).isTrue();
        await().atMost(SOON).until(() -> follower.state().seq() > before + 5);
        assertThat(revoke(publisher, "token-1")).isEqualTo(Publication.ON_FEED);
        await().atMost(SOON).until(() -> isRevoked(follower));
    }

    @Test
    void whenBothAreAwayNothingIsTrustedAfterTheStatedSilence() throws Exception {
        TrustPublisher publisher = publisher();
        SynchronousQueue<Boolean> currency = new SynchronousQueue<>();
        TrustFollower follower = follower(publisher, now -> {
            try {
                currency.offer(now, 5, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(currency.poll(10, TimeUnit.SECONDS)).isEqualTo(true);
        overHttps.set(false);
        publisher.close();
        long gone = System.nanoTime();
        assertThat(currency.poll(10, TimeUnit.SECONDS)).isEqualTo(false);
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - gone);
        System.out.println("fails closed after " + silent + " ms");
        assertThat(silent).isLessThan(SILENCE.toMillis() + 200);
        SomeToken token = SomeToken.issuedAt(CLOCK.instant());
        assertThat(follower.standingOf(token)).isEqualTo(Standing.UNKNOWN);
        publisher();
        assertThat(currency.poll(10, TimeUnit.SECONDS)).isEqualTo(true);
        assertThat(follower.standingOf(token)).isEqualTo(Standing.TRUSTED);
    }

    @Test
    void sourceThatHangsOrFailsCostsNoTickAndNoPublication() throws Exception {
        TrustPublisher publisher = publisher();
        List<Boolean> currency = new CopyOnWriteArrayList<>();
        TrustFollower follower = follower(publisher, currency::add);
        awaitTrue(currency);
        awaitTicks(follower);
        overHttps.set(false);
        CountDownLatch gate = new CountDownLatch(1);
        source.obstacle = () -> {
            try {
                gate.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        awaitTicks(follower);
        assertThat(revoke(publisher, "token-1")).isEqualTo(Publication.ON_FEED);
        await().atMost(SOON).until(() -> isRevoked(follower));
        source.obstacle = () -> {
            throw new IllegalStateException("the database is away");
        };
        gate.countDown();
        awaitTicks(follower);
        assertThat(publisher.state().failures()).isPositive();
        assertThat(currency).containsExactly(true);
        List<String> heard = new CopyOnWriteArrayList<>();
        follower.onRevocation(revocation -> heard.add(revocation.value()));
        source.obstacle = () -> {};
        source.add(Revocation.of(Revocation.Kind.TOKEN, "token-2", CLOCK.instant(), "test"));
        await().atMost(SOON).until(() -> heard.contains("token-2"));
    }

    /// For twice as long as followers bear silence.
    private static void awaitTicks(TrustFollower follower) {
        long seq = follower.state().seq();
        await().atMost(SOON).until(() -> follower.state().seq() > seq + 9);
    }

    @Test
    void moreThanCanBeKeptIsNotCalledPublished() throws Exception {
        TrustPublisher publisher = publisher();
        awaitCurrent(follower(publisher));
        redis.close();
        List<Revocation> many = new ArrayList<>();
        for (int i = 0; i <= 10_000; i++) {
            many.add(Revocation.of(Revocation.Kind.TOKEN, "token-" + i, CLOCK.instant(), "test"));
        }
        assertThat(publisher.publish(many).get(10, TimeUnit.SECONDS)).isEqualTo(Publication.PENDING);
    }

    @Test
    void publishersThatRaceNumberWithoutGaps() throws Exception {
        List<TrustPublisher> publishers = List.of(publisher(), publisher(), publisher());
        TrustFollower follower = follower(publishers.getFirst());
        List<String> heard = new CopyOnWriteArrayList<>();
        follower.onRevocation(revocation -> heard.add(revocation.value()));
        awaitCurrent(follower);
        await().atMost(SOON)
                .until(() -> publishers.stream().allMatch(one -> one.state().seq() > 0));
        overHttps.set(false);
        long gaps = follower.state().refused(FeedRefused.Reason.GAP);
        List<CompletableFuture<Publication>> all = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            Revocation one = Revocation.of(Revocation.Kind.TOKEN, "raced-" + i, CLOCK.instant(), "test");
            source.add(one);
            all.add(publishers.get(i % 3).publish(List.of(one)));
        }
        for (CompletableFuture<Publication> one : all) {
            assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(Publication.ON_FEED);
        }
        await().atMost(SOON).until(() -> heard.size() == 90);
        assertThat(heard).doesNotHaveDuplicates();
        assertThat(follower.state().refused(FeedRefused.Reason.GAP)).isEqualTo(gaps);
        await().atMost(SOON)
                .until(() ->
                        publishers.stream().filter(one -> one.state().leads()).count() == 1);
    }

    @Test
    void keyStatesComeFromTheirOwnPublisherAndItsSilenceCostsNothing() throws Exception {
        TrustPublisher publisher = publisher();
        FakeSource ledger = new FakeSource();
        TrustPublisher rotation = TrustPublisher.start(ledger, parties.service("key-rotation-service"), link(), CLOCK);
        open.add(rotation);
        TrustFollower follower = follower(publisher);
        List<Long> versions = new CopyOnWriteArrayList<>();
        follower.onKeyStates(states -> versions.add(states.directoryVersion()));
        awaitCurrent(follower);
        KeyStates states = new KeyStates(5, Map.of("key-1", KeyStates.State.COMPROMISED));
        ledger.add(states);
        var _ = rotation.publish(List.of(states));
        await().atMost(SOON).until(() -> versions.equals(List.of(5L)));
        assertThat(isRevoked(follower)).isTrue();
        rotation.close();
        long seq = follower.state().seq();
        await().atMost(SOON).until(() -> follower.state().seq() > seq + 5);
        assertThat(follower.current()).isTrue();
    }

    @Test
    void forgedEntriesAndHeadsOnlyCostTime() throws Exception {
        TrustPublisher publisher = publisher();
        TrustFollower follower = follower(publisher);
        awaitCurrent(follower);
        await().atMost(SOON).until(() -> follower.state().seq() > 3);
        long before = follower.state().generation();
        command("XADD", "postern:trust:{token-service}:stream", "*", "m", "forged");
        command("SET", "postern:trust:{token-service}:snapshot", "forged");
        await().atMost(SOON).until(() -> follower.state().generation() > before);
        revoke(publisher, "token-1");
        await().atMost(SOON).until(() -> isRevoked(follower));
        awaitCurrent(follower);
    }

    @Test
    void latencyFromPublishToListener() throws Exception {
        TrustPublisher publisher = publisher();
        TrustFollower follower = follower(publisher);
        awaitCurrent(follower);
        SynchronousQueue<Long> arrivals = new SynchronousQueue<>();
        follower.onRevocation(_ -> {
            try {
                arrivals.offer(System.nanoTime(), 5, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        long[] micros = new long[400];
        for (int i = 0; i < micros.length; i++) {
            Revocation one = Revocation.of(Revocation.Kind.TOKEN, "timed-" + i, CLOCK.instant(), "test");
            source.add(one);
            long begun = System.nanoTime();
            var _ = publisher.publish(List.of(one));
            Long arrived = arrivals.poll(5, TimeUnit.SECONDS);
            assertThat(arrived).isNotNull();
            micros[i] = TimeUnit.NANOSECONDS.toMicros(arrived - begun);
        }
        long[] warm = Arrays.copyOfRange(micros, 100, micros.length);
        Arrays.sort(warm);
        System.out.println("publish to listener over Redis: p50 " + warm[warm.length / 2] + " us, p99 "
                + warm[warm.length * 99 / 100] + " us");
        assertThat(warm[warm.length / 2]).isLessThan(200_000);
    }

    @Test
    void ticksCostNextToNothing() throws Exception {
        TrustFollower follower = follower(publisher());
        awaitCurrent(follower);
        await().atMost(SOON).until(() -> follower.state().seq() > 10);
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long begun = System.nanoTime();
        long cpu = machine.getProcessCpuTime();
        long seq = follower.state().seq();
        await().atMost(SOON.multipliedBy(2)).until(() -> follower.state().seq() > seq + 40);
        double share = 100.0 * (machine.getProcessCpuTime() - cpu) / (System.nanoTime() - begun);
        System.out.printf(
                "publisher and follower together: %.1f %% of a core, this test's own polling included%n", share);
        assertThat(share).isLessThan(100);
    }

    private static boolean isRevoked(TrustFollower follower) {
        return follower.standingOf(SomeToken.issuedAt(CLOCK.instant().minusSeconds(60))) == Standing.REVOKED;
    }

    private static void awaitCurrent(TrustFollower follower) {
        await().atMost(SOON).until(follower::current);
    }

    private static void awaitTrue(List<Boolean> currency) {
        await().atMost(SOON).until(() -> currency.contains(true));
    }

    private Publication revoke(TrustPublisher publisher, String token) throws Exception {
        Revocation one = Revocation.of(Revocation.Kind.TOKEN, token, CLOCK.instant(), "test");
        source.add(one);
        return publisher.publish(List.of(one)).get(10, TimeUnit.SECONDS);
    }

    private TrustPublisher publisher() throws IOException {
        TrustPublisher publisher = TrustPublisher.start(source, tokenService, link(), CLOCK);
        open.add(publisher);
        return publisher;
    }

    private TrustFollower follower(TrustPublisher publisher) throws IOException {
        return follower(publisher, now -> {});
    }

    /// @param currency hears every change of being current, the first one too
    private TrustFollower follower(TrustPublisher publisher, Consumer<Boolean> currency) throws IOException {
        FollowerSettings settings =
                new FollowerSettings(Parties.DECISIONS, Parties.KEYS, SILENCE, Duration.ofSeconds(2));
        SnapshotSource https = () -> {
            if (!overHttps.get()) {
                throw new FeedRefused(FeedRefused.Reason.UNREACHABLE);
            }
            return publisher.snapshot();
        };
        TrustFollower follower = new TrustFollower(settings, link(), https, parties::anchors, CLOCK, System::nanoTime);
        open.add(follower);
        follower.onCurrency(currency);
        follower.start();
        return follower;
    }

    private RedisLink link() throws IOException {
        Path password = Files.writeString(home.resolve("password"), RedisForTests.PASSWORD + "\n");
        RedisLink link =
                RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofMillis(500)));
        open.add(link);
        return link;
    }

    /// As an attacker or a failover would.
    private void command(String... words) throws Exception {
        Commands.run(redis, words);
    }

    /// A database of changes.
    private static final class FakeSource implements TrustSource {
        private final List<TrustChange> changes = new CopyOnWriteArrayList<>();
        private volatile Runnable obstacle = () -> {};

        void add(TrustChange change) {
            changes.add(change);
        }

        @Override
        public List<TrustChange> inForce() {
            obstacle.run();
            return List.copyOf(changes);
        }

        @Override
        public String version() {
            obstacle.run();
            return Integer.toString(changes.size());
        }
    }
}

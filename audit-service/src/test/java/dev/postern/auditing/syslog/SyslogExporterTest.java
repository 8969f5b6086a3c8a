package dev.postern.auditing.syslog;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.auditing.LogLines;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.sequence.LiveLog;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.syslog.SyslogExporter.Format;
import dev.postern.auditing.syslog.TestCollector.Manner;
import dev.postern.auditing.syslog.TlsCollector.Patience;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// From a log as it lives to a receiver of syslog over TLS.
@Timeout(60)
final class SyslogExporterTest {
    private static final TrustDomain THEIRS = new TrustDomain("collector.example");
    private static final TrustDomain OURS = new TrustDomain("postern.local");
    private static final Pattern PLACE = Pattern.compile(" cs1=2026w4[89]:([0-9]+) ");

    @TempDir
    static Path keyset;

    private static LocalKeyManagement kms;
    private static InMemoryAuthority authority;
    private static WorkloadIdentity service;
    private static WorkloadIdentity theirs;
    private static Path ca;

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private LiveLog log;
    private TestCollector collector;
    private Supplier<NavigableMap<ShardName, PublishedShard>> source = this::shards;
    private Set<ShardName> deleted = Set.of();

    @BeforeAll
    static void keys() throws Exception {
        kms = LocalKeyManagement.open(
                keyset.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), new SecureRandom());
        InMemoryAuthority platform = authority("platform");
        service = platform.identityOf(OURS.idOf("audit-service"));
        authority = authority("collectors");
        theirs = authority.identityOf(THEIRS.idOf("siem"));
        ca = pem("ca.pem", authority);
    }

    private static InMemoryAuthority authority(String name) {
        return InMemoryAuthority.create(name, Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    }

    private static Path pem(String name, InMemoryAuthority of) throws Exception {
        return Files.writeString(
                keyset.resolve(name),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(of.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @AfterAll
    static void closeKeys() {
        service.close();
        theirs.close();
        kms.close();
    }

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(home.resolve("sets"));
        log = LiveLog.open(home, kms, clock);
        collector = TestCollector.start(theirs, 0);
    }

    @AfterEach
    void stop() throws Exception {
        collector.close();
        log.close();
    }

    private ExportPosition position() {
        return new ExportPosition(home.resolve("export/syslog"));
    }

    private NavigableMap<ShardName, PublishedShard> shards() {
        NavigableMap<ShardName, PublishedShard> shards = new TreeMap<>();
        log.sequencer().newest(10).forEach(shard -> shards.put(shard.name(), shard));
        return shards;
    }

    private SyslogExporter exporter(String host, Supplier<SSLContext> tls) throws IOException {
        return exporter(host, tls, true);
    }

    private SyslogExporter exporter(String host, Supplier<SSLContext> tls, boolean byName) throws IOException {
        return exporter(new TlsCollector(
                host, collector.port(), tls, byName, new Patience(Duration.ofMillis(700), Duration.ofSeconds(20))));
    }

    private SyslogExporter exporter(Collector to) throws IOException {
        SyslogExporter exporter = new SyslogExporter(
                source,
                () -> deleted,
                log.leaves(),
                to,
                position(),
                new Format("host-1", "0.1.0", Duration.ofMillis(20), Duration.ofMillis(5)),
                clock);
        exporter.start();
        return exporter;
    }

    private SyslogExporter exporter() throws IOException {
        return exporter("localhost", trusting(ca));
    }

    private static Supplier<SSLContext> trusting(Path file) {
        return () -> service.sslContext(CollectorTrust.of(file));
    }

    private static void await(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /// Until everything published is confirmed.
    private static void settled(SyslogExporter exporter, long events) {
        await(() -> exporter.sent() >= events && exporter.behind() == 0);
    }

    private List<Long> places() {
        return places(collector.messages());
    }

    private static List<Long> places(List<String> messages) {
        return messages.stream()
                .map(message -> {
                    Matcher matcher = PLACE.matcher(message);
                    assertThat(matcher.find()).as(message).isTrue();
                    return Long.parseLong(matcher.group(1));
                })
                .toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void eventsWhenPublishedThenReceivedInOrderAsCefAndTheirPlaceIsRemembered() throws Exception {
        log.take(events("token-service", 1, 300));
        try (SyslogExporter exporter = exporter()) {
            settled(exporter, 300);
            assertThat(places()).isEqualTo(range(1, 300));
            assertThat(collector.messages().getFirst())
                    .startsWith(
                            "<110>1 2026-11-23T12:00:00.000Z host-1 postern-audit - service.started - CEF:0|Postern|"
                                    + "audit|0.1.0|dev.postern.service.started|")
                    .contains("PosternInstance=i-1");
            assertThat(exporter.lag()).isZero();
            log.take(events("token-service", 301, 310));
            settled(exporter, 310);
        }
        assertThat(position().read()).hasValue(new Position(new ShardName("2026w48"), 311));
        log.take(events("token-service", 311, 312));
        try (SyslogExporter exporter = exporter()) {
            settled(exporter, 2);
        }
        assertThat(places()).as("nothing twice").isEqualTo(range(1, 312));
    }

    @Test
    void eventsWhenANewWeekBeginsThenBothShardsAreSentAndItsMarksAreNot() throws Exception {
        log.take(events("token-service", 1, 3));
        clock.advance(Duration.ofDays(7));
        log.prepare();
        log.take(events("token-service", 4, 5));
        try (SyslogExporter exporter = exporter()) {
            settled(exporter, 5);
            assertThat(exporter.unreadable()).isZero();
        }
        assertThat(places()).containsExactly(1L, 2L, 3L, 1L, 2L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Manner.class,
            names = {"RESETS", "ENDS"})
    void connectionWhenTheCollectorEndsItThenNothingIsLostAndItIsSentAgain(Manner manner) throws Exception {
        // More than its TLS reads at once: what it has read, it may also have lost.
        log.take(events("token-service", 1, 300));
        collector.behave(manner);
        try (SyslogExporter exporter = exporter()) {
            await(() -> exporter.failures() >= 1);
            assertThat(position().read()).isEmpty();
            assertThat(exporter.behind()).isEqualTo(301);
            clock.advance(Duration.ofMinutes(3));
            assertThat(exporter.lag()).isEqualTo(Duration.ofMinutes(3));
            collector.behave(Manner.ORDERLY);
            settled(exporter, 300);
            assertThat(exporter.lag()).isZero();
        }
        Set<Long> each = new LinkedHashSet<>(places());
        assertThat(each).containsExactlyElementsOf(range(1, 300));
    }

    @Test
    void connectionWhenItsEndIsNotAnsweredThenNotTakenForConfirmed() throws Exception {
        log.take(events("token-service", 1, 3));
        collector.behave(Manner.SILENT);
        try (SyslogExporter exporter = exporter()) {
            await(() -> exporter.failures() >= 1);
            assertThat(position().read()).isEmpty();
            collector.behave(Manner.ORDERLY);
            settled(exporter, 3);
        }
        assertThat(places()).startsWith(1L, 2L, 3L).endsWith(1L, 2L, 3L);
    }

    @Test
    void collectorWhenAwayThenTheLogGoesOnAndItGetsEverythingLater() throws Exception {
        int port = collector.port();
        collector.close();
        log.take(events("token-service", 1, 5));
        try (SyslogExporter exporter = exporter()) {
            await(() -> exporter.failures() >= 1);
            log.take(events("token-service", 6, 9));
            collector = TestCollector.start(theirs, port);
            settled(exporter, 9);
        }
        assertThat(places()).isEqualTo(range(1, 9));
    }

    @Test
    void collectorWhenItIsSomebodyElseThenNothingIsSent() throws Exception {
        log.take(events("token-service", 1, 3));
        Path others = pem("others.pem", authority("others"));
        try (SyslogExporter exporter = exporter("localhost", trusting(others))) {
            await(() -> exporter.failures() >= 1);
        }
        try (SyslogExporter exporter = exporter("ip6-localhost", trusting(ca))) {
            await(() -> exporter.failures() >= 1);
        }
        URI siem = OURS.idOf("siem");
        try (SyslogExporter exporter = exporter("localhost", () -> service.sslContext(siem), false)) {
            await(() -> exporter.failures() >= 1);
        }
        assertThat(collector.messages()).isEmpty();
        assertThat(position().read()).isEmpty();
    }

    @Test
    void collectorWhenOfThisPlatformThenKnownByItsId() throws Exception {
        URI siem = THEIRS.idOf("siem");
        log.take(events("token-service", 1, 3));
        try (WorkloadIdentity beside = authority.identityOf(THEIRS.idOf("audit-service"));
                SyslogExporter exporter = exporter("localhost", () -> beside.sslContext(siem), false)) {
            settled(exporter, 3);
        }
        assertThat(places()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void eventWhenShreddedBeforeItWasSentThenCounted() throws Exception {
        log.take(events("token-service", 1, 4));
        clock.advance(Duration.ofDays(3));
        log.prepare();
        log.take(events("token-service", 5, 6));
        clock.advance(Duration.ofDays(6));
        assertThat(log.epochs().destroy(Epoch.at(MutableClock.atNoon().instant())))
                .isTrue();
        try (SyslogExporter exporter = exporter()) {
            settled(exporter, 2);
            assertThat(exporter.unreadable()).isEqualTo(4);
        }
        assertThat(places()).containsExactly(5L, 6L);
    }

    @Test
    void shardWhenDeletedBeforeItWasSentThenToldOfAndTheRestIsSent() throws Exception {
        log.take(events("token-service", 1, 4));
        position().write(new Position(new ShardName("2026w40"), 17));
        try (SyslogExporter exporter = exporter()) {
            settled(exporter, 4);
            assertThat(exporter.missed()).isEqualTo(1);
        }
        assertThat(places()).isEqualTo(range(1, 4));
    }

    @Test
    void positionWhenDamagedThenNothingStartsAndItSaysWhatToDo() throws Exception {
        Files.createDirectories(home.resolve("export"));
        Files.writeString(home.resolve("export/syslog"), "2026w48:x\n");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::exporter)
                .withMessageContaining("remove it to send everything again");
        assertThat(collector.connections()).isZero();
    }

    @Test
    void authorityWhenUnreadableThenOneSentence() throws Exception {
        Path empty = Files.writeString(home.resolve("empty.pem"), "");
        assertThatThrownBy(() -> CollectorTrust.of(empty))
                .isInstanceOf(SyslogUnusable.class)
                .hasMessageContaining("postern.audit.syslog.ca");
        assertThatThrownBy(() -> CollectorTrust.of(home.resolve("none.pem")))
                .isInstanceOf(SyslogUnusable.class)
                .hasMessageContaining("postern.audit.syslog.ca");
    }

    /// Days later the keys of the first day are gone, and nobody reads its events any more.
    private void shredTheFirstDay() {
        clock.advance(Duration.ofDays(6));
        assertThat(log.epochs().destroy(Epoch.at(MutableClock.atNoon().instant())))
                .isTrue();
    }

    @Test
    void eventsWhenNoneOpensThenPassedOverWithoutAConnection() throws Exception {
        log.take(events("token-service", 1, 4));
        clock.advance(Duration.ofDays(3));
        log.prepare();
        shredTheFirstDay();
        try (SyslogExporter exporter = exporter()) {
            await(() -> exporter.unreadable() == 4 && exporter.behind() == 0);
        }
        assertThat(collector.connections()).isZero();
        assertThat(position().read()).hasValue(new Position(new ShardName("2026w48"), 5));
    }

    @Test
    void eventsWhenTooManyDoNotOpenThenThePositionMovesOnBeforeTheRestIsLookedAt() throws Exception {
        int many = SyslogExporter.MOST_LEAVES + 10;
        log.take(events("token-service", 1, many));
        clock.advance(Duration.ofDays(3));
        log.prepare();
        log.take(events("token-service", many + 1, many + 2));
        shredTheFirstDay();
        HookedCollector hooked = new HookedCollector();
        List<Optional<Position>> known = new CopyOnWriteArrayList<>();
        hooked.whenConnected(() -> known.add(position().read()));
        try (SyslogExporter exporter = exporter(hooked)) {
            settled(exporter, 2);
            assertThat(exporter.unreadable()).isEqualTo(many);
        }
        assertThat(known).containsExactly(Optional.of(new Position(week(48), SyslogExporter.MOST_LEAVES)));
    }

    @Test
    void stopWhenTheCollectorIsStuckThenItsConnectionIsCutOff() throws Exception {
        log.take(events("token-service", 1, 3));
        HookedCollector hooked = new HookedCollector();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        hooked.whenClosed(cut::countDown);
        hooked.whenConfirmed(() -> {
            waiting.countDown();
            cut.await();
            throw new IOException("cut off");
        });
        try (SyslogExporter exporter = exporter(hooked)) {
            waiting.await();
            assertThat(exporter.sent()).isZero();
        }
        assertThat(position().read()).isEmpty();
    }

    @Test
    void logWhenReadThenNotLookedUpForEachLeaf() throws Exception {
        log.take(events("token-service", 1, 600));
        AtomicInteger looks = new AtomicInteger();
        source = () -> {
            looks.incrementAndGet();
            return shards();
        };
        HookedCollector hooked = new HookedCollector();
        AtomicInteger needed = new AtomicInteger();
        hooked.whenFlushed(() -> needed.compareAndSet(0, looks.get()));
        try (SyslogExporter exporter = exporter(hooked)) {
            settled(exporter, 600);
        }
        assertThat(needed.get()).isPositive().isLessThan(20);
    }

    @Test
    void lagWhenEachDeliveryIsConfirmedThenThatOfTheNewestThoughEventsKeepComing() throws Exception {
        log.take(events("token-service", 1, 3));
        HookedCollector hooked = new HookedCollector();
        List<Duration> lags = new CopyOnWriteArrayList<>();
        CompletableFuture<SyslogExporter> running = new CompletableFuture<>();
        hooked.whenConfirmed(() -> {
            lags.add(running.get().lag());
            if (lags.size() < 6) {
                int next = 3 + lags.size();
                log.take(events("token-service", next, next));
                clock.advance(Duration.ofMinutes(1));
            }
        });
        try (SyslogExporter exporter = exporter(hooked)) {
            running.complete(exporter);
            settled(exporter, 8);
            assertThat(exporter.lag()).isZero();
        }
        assertThat(lags).hasSize(6).allMatch(lag -> lag.compareTo(Duration.ofMinutes(1)) <= 0);
    }

    @Test
    void lagWhenADeliveryLeavesEventsOfBeforeThenGoesOn() throws Exception {
        int many = SyslogExporter.MOST_LEAVES + 10;
        log.take(events("token-service", 1, many));
        HookedCollector hooked = new HookedCollector();
        List<Duration> lags = new CopyOnWriteArrayList<>();
        CompletableFuture<SyslogExporter> running = new CompletableFuture<>();
        hooked.whenConfirmed(() -> {
            clock.advance(Duration.ofMinutes(1));
            lags.add(running.get().lag());
        });
        try (SyslogExporter exporter = exporter(hooked)) {
            running.complete(exporter);
            settled(exporter, many);
        }
        assertThat(lags).startsWith(Duration.ofMinutes(1), Duration.ofMinutes(2));
    }

    private static ShardName week(int number) {
        return new ShardName("2026w" + number);
    }

    @Test
    void shardsWhenSeveralWereDeletedBeforeTheyWereSentThenAllAreToldOf() throws Exception {
        log.take(events("token-service", 1, 4));
        deleted = Set.of(week(38), week(40), week(41), week(43));
        position().write(new Position(week(40), 17));
        try (LogLines said = LogLines.of(SyslogExporter.class);
                SyslogExporter exporter = exporter()) {
            settled(exporter, 4);
            assertThat(exporter.missed()).isEqualTo(3);
            assertThat(said.with("[2026w40, 2026w41, 2026w43]")).hasSize(1);
        }
    }

    @Test
    void shardWhenDeletedBetweenTwoThatAreThereThenToldOf() throws Exception {
        log.take(events("token-service", 1, 4));
        clock.advance(Duration.ofDays(14));
        log.prepare();
        log.take(events("token-service", 5, 6));
        deleted = Set.of(week(49));
        try (SyslogExporter exporter = exporter(new HookedCollector())) {
            settled(exporter, 6);
            assertThat(exporter.missed()).isEqualTo(1);
        }
    }

    /// The reader has seen the end of a shard; meanwhile more is written, and the next week begins.
    @Test
    void shardWhenItEndsAsItsEndIsReadThenTheLastOfItIsSent() throws Exception {
        log.take(events("token-service", 1, 3));
        AtomicBoolean armed = new AtomicBoolean();
        Runnable turn = () -> {
            if (armed.compareAndSet(true, false)) {
                takeAndTurnTheWeek();
            }
        };
        source = () -> {
            NavigableMap<ShardName, PublishedShard> shards = shards();
            shards.replaceAll((name, shard) ->
                    new PublishedShard(name, shard.origin(), new WatchedStorage(shard.storage(), turn)));
            return shards;
        };
        HookedCollector hooked = new HookedCollector();
        AtomicInteger flushes = new AtomicInteger();
        hooked.whenFlushed(() -> armed.set(flushes.incrementAndGet() == 1));
        try (SyslogExporter exporter = exporter(hooked)) {
            settled(exporter, 6);
        }
        assertThat(places(hooked.messages())).containsExactly(1L, 2L, 3L, 4L, 5L, 1L);
    }

    private void takeAndTurnTheWeek() {
        try {
            log.take(events("token-service", 4, 5));
            clock.advance(Duration.ofDays(7));
            log.prepare();
            log.take(events("token-service", 6, 6));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param then after the checkpoint was read
    private record WatchedStorage(LogStorage storage, Runnable then) implements LogStorage {
        @Override
        public Optional<byte[]> read(String path) throws IOException {
            Optional<byte[]> content = storage.read(path);
            if (path.equals(CHECKPOINT)) {
                then.run();
            }
            return content;
        }

        @Override
        public void create(String path, byte[] content) throws IOException {
            storage.create(path, content);
        }

        @Override
        public void replace(String path, byte[] content) throws IOException {
            storage.replace(path, content);
        }

        @Override
        public void deletePartials(Tile full) throws IOException {
            storage.deletePartials(full);
        }
    }
}

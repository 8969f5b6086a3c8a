package dev.postern.auditing.syslog;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Set;
import java.util.TreeMap;
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
        SyslogExporter exporter = new SyslogExporter(
                this::shards,
                log.leaves(),
                new TlsCollector(
                        host,
                        collector.port(),
                        tls,
                        byName,
                        new Patience(Duration.ofMillis(700), Duration.ofSeconds(20))),
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
        return collector.messages().stream()
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
}

package dev.postern.rotation.compromise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.KeySuspected;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.Suspicion;
import dev.postern.chassis.keys.Trigger;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.compromise.CompromiseProperties.Action;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.KeyObserver;
import dev.postern.rotation.ledger.Leadership;
import dev.postern.rotation.ledger.LedgerSettings;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.Schedule;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What happens with nobody asked: signs of a stolen key, and drills on a timer. On a real ledger.
@SuppressWarnings("NullAway.Init")
final class TriggersAndDrillsTest {
    private static final URI GATEWAY = URI.create("spiffe://postern.local/service/gateway-service");
    private static final URI SELF = URI.create("spiffe://postern.local/service/key-rotation-service");
    private static final Holder OWNER = new Holder(GATEWAY, UUID.randomUUID().toString());

    @TempDir
    private Path directory;

    private final MutableClock clock = MutableClock.atNoon();
    private final List<AuditEvent> audited = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private boolean auditIsAway;
    private Runnable whileRecorded = () -> {};
    private KeyLedger ledger;

    private static final class Unobserved implements KeyObserver {
        @Override
        public void moved(String keyClass, String to, String cause) {}

        @Override
        public void delayed() {}

        @Override
        public void leftBehind(int consumers) {}

        @Override
        public void reported(Incident incident) {}
    }

    @BeforeEach
    void open() {
        ledger = opened(Leadership.alone());
    }

    private KeyLedger opened(Leadership leadership) {
        return new KeyLedger(
                directory.resolve("ledger.json"),
                leadership,
                new LedgerSettings(Schedule.STANDARD),
                this::record,
                new Unobserved(),
                clock);
    }

    private void record(AuditEvent event) throws AuditUnavailable {
        if (auditIsAway) {
            throw new AuditUnavailable(AuditUnavailable.Reason.FULL);
        }
        if (event instanceof KeySuspected) {
            whileRecorded.run();
        }
        audited.add(event);
    }

    private void register(String kid) throws AuditUnavailable {
        var _ = ledger.register(OWNER, KeyClass.TLS_TICKET, kid, Map.of());
    }

    private String state(String kid) {
        return ledger.ring().find(kid).orElseThrow().state().label();
    }

    private Suspicions suspicions(Action action) {
        return new Suspicions(
                ledger,
                new CompromiseProperties.Triggers(action, Action.ALERT, Action.ALERT),
                this::record,
                meters,
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                clock);
    }

    private static String report(Suspicions suspicions, KeyClass keyClass, String kid, Trigger trigger, int count) {
        return suspicions.report(keyClass, kid, trigger, GATEWAY, count, Optional.empty());
    }

    @Test
    void byDefaultASignIsRecordedAndNothingMoves() throws AuditUnavailable {
        register("key-1");
        assertThat(report(suspicions(Action.ALERT), KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 3))
                .isEqualTo("alert");

        assertThat(state("key-1")).isEqualTo("ACTIVE");
        assertThat(audited)
                .contains(new KeySuspected("tls-ticket", "key-1", "unexpected-use", "alert", GATEWAY.toString(), 3));
        assertThat(meters.counter(
                                "postern.keys.suspicions",
                                "class",
                                "tls-ticket",
                                "trigger",
                                "unexpected-use",
                                "action",
                                "alert")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void wherePolicySaysSoTheKeyIsDeniedWithNobodyAsked() throws AuditUnavailable {
        register("key-1");
        register("key-2");
        Suspicions suspicions = suspicions(Action.COMPROMISE);
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.RETIRED_SIGNATURE, 1))
                .as("another trigger, another action")
                .isEqualTo("alert");
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("compromise");

        assertThat(state("key-1")).isEqualTo("COMPROMISED");
        assertThat(state("key-2")).isEqualTo("ACTIVE");
        assertThat(ledger.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.mode()).isEqualTo("automatic");
            assertThat(incident.calledBy()).isEqualTo("unexpected-use");
        });
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .as("denied already")
                .isEqualTo("ignored");
        assertThat(report(suspicions, KeyClass.TOKEN_SIGNING, "key-2", Trigger.UNEXPECTED_USE, 1))
                .as("no key of that class")
                .isEqualTo("ignored");
    }

    @Test
    void replicaThatStandsByMakesNothingOfASignUntilItLeads() throws Exception {
        register("key-1");
        register("key-2");
        AtomicReference<OptionalLong> fence = new AtomicReference<>(OptionalLong.empty());
        ledger = opened(_ -> fence.get());
        Suspicions suspicions = suspicions(Action.COMPROMISE);
        KeyReports.Recipient own = suspicions.heardBy(SELF);
        for (Trigger trigger : List.of(Trigger.UNEXPECTED_USE, Trigger.AEAD_FAILURES)) {
            assertThatThrownBy(() -> report(suspicions, KeyClass.TLS_TICKET, "key-1", trigger, 1))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo("stands-by"));
            assertThat(own.report(new Suspicion("tls-ticket", "key-2", trigger), 1, clock.instant()))
                    .isEqualTo(KeyReports.Recipient.Answer.AWAY);
        }
        assertThat(audited).noneMatch(KeySuspected.class::isInstance);
        assertThat(meters.find("postern.keys.suspicions").counters()).isEmpty();

        fence.set(OptionalLong.of(9));
        ledger.tick();
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("compromise");
        assertThat(own.report(new Suspicion("tls-ticket", "key-2", Trigger.AEAD_FAILURES), 1, clock.instant()))
                .isEqualTo(KeyReports.Recipient.Answer.TAKEN);
        assertThat(audited).filteredOn(KeySuspected.class::isInstance).hasSize(2);
    }

    @Test
    void leaderThatIsDeposedMeanwhileRecordsNoCompromiseThatItDoesNotMake() throws Exception {
        AtomicReference<OptionalLong> fence = new AtomicReference<>(OptionalLong.of(9));
        ledger = opened(_ -> fence.get());
        register("key-1");
        register("key-2");
        Thread deposing = Thread.ofPlatform().unstarted(() -> {
            fence.set(OptionalLong.empty());
            ledger.tick();
        });
        whileRecorded = () -> {
            deposing.start();
            while (deposing.isAlive() && deposing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        };
        var _ = suspicions(Action.COMPROMISE)
                .heardBy(SELF)
                .report(
                        new Suspicion("tls-ticket", "key-1", Trigger.UNEXPECTED_USE),
                        1,
                        clock.instant().minusSeconds(60));
        assertThat(deposing.join(Duration.ofSeconds(10))).isTrue();
        assertThat(ledger.leads()).isFalse();
        assertThat(audited)
                .contains(new KeySuspected("tls-ticket", "key-1", "unexpected-use", "compromise", SELF.toString(), 1));
        assertThat(state("key-1")).isEqualTo("COMPROMISED");
    }

    @Test
    void sameSignCountsOnceAMinute() throws AuditUnavailable {
        register("key-1");
        Suspicions suspicions = suspicions(Action.ALERT);
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("alert");
        clock.advance(Duration.ofSeconds(59));
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("ignored");
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.AEAD_FAILURES, 1))
                .as("another sign")
                .isEqualTo("alert");
        assertThat(audited).filteredOn(KeySuspected.class::isInstance).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(report(suspicions, KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("alert");
    }

    @Test
    void oneKeyOfAClassIsCompromisedByItselfInAnHour() throws AuditUnavailable {
        register("key-1");
        register("key-2");
        register("key-3");
        assertThat(report(suspicions(Action.COMPROMISE), KeyClass.TLS_TICKET, "key-1", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("compromise");
        ledger = opened(Leadership.alone());
        Suspicions afterARestart = suspicions(Action.COMPROMISE);
        assertThat(report(afterARestart, KeyClass.TLS_TICKET, "key-2", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("alert");
        assertThat(state("key-2")).isEqualTo("ACTIVE");
        clock.advance(Duration.ofHours(1));
        assertThat(report(afterARestart, KeyClass.TLS_TICKET, "key-2", Trigger.UNEXPECTED_USE, 1))
                .isEqualTo("compromise");
    }

    private String made(Suspicions suspicions, Trigger trigger, long secondsFromNow) {
        return suspicions.report(
                KeyClass.TLS_TICKET,
                "key-1",
                trigger,
                GATEWAY,
                1,
                Optional.of(clock.instant().plusSeconds(secondsFromNow)));
    }

    @Test
    void spareThatSignedIsASignAndWhatItSignsAfterItsActivationIsNone() throws Exception {
        register("key-0");
        register("key-1");
        assertThat(made(suspicions(Action.ALERT), Trigger.UNEXPECTED_USE, 0)).isEqualTo("alert");
        assertThat(made(suspicions(Action.ALERT), Trigger.RETIRED_SIGNATURE, 0))
                .as("it is no retired one")
                .isEqualTo("explained");
        var _ = ledger.rotate(KeyClass.TLS_TICKET, Optional.empty(), "operator", Duration.ZERO);
        assertThat(state("key-1")).isEqualTo("ACTIVE");
        for (long seconds : List.of(-5L, 0L, 600L)) {
            assertThat(made(suspicions(Action.COMPROMISE), Trigger.UNEXPECTED_USE, seconds))
                    .as("a verifier that has not heard of the activation, %d s", seconds)
                    .isEqualTo("explained");
        }
        assertThat(audited).filteredOn(KeySuspected.class::isInstance).hasSize(1);
        assertThat(made(suspicions(Action.COMPROMISE), Trigger.UNEXPECTED_USE, -6))
                .as("before its activation")
                .isEqualTo("compromise");
        assertThat(state("key-1")).isEqualTo("COMPROMISED");
    }

    @Test
    void retiredKeySignsNothingOnceItsOwnerHasAcknowledged() throws Exception {
        register("key-1");
        register("key-2");
        var _ = ledger.rotate(KeyClass.TLS_TICKET, Optional.empty(), "operator", Duration.ZERO);
        Suspicions suspicions = suspicions(Action.ALERT);
        clock.advance(Duration.ofSeconds(60));
        assertThat(made(suspicions, Trigger.RETIRED_SIGNATURE, 0))
                .as("its owner cannot hear, and does not know")
                .isEqualTo("explained");
        var _ = ledger.poll(OWNER, ledger.ring().version());
        for (long seconds : List.of(-60L, 0L, 5L)) {
            assertThat(made(suspicions, Trigger.RETIRED_SIGNATURE, seconds)).isEqualTo("explained");
        }
        assertThat(made(suspicions, Trigger.UNEXPECTED_USE, -600))
                .as("nobody knows since when it was in use")
                .isEqualTo("explained");
        assertThat(audited).noneMatch(KeySuspected.class::isInstance);
        assertThat(made(suspicions, Trigger.RETIRED_SIGNATURE, 6)).isEqualTo("alert");
        assertThat(meters.counter(
                                "postern.keys.suspicions",
                                "class",
                                "tls-ticket",
                                "trigger",
                                "retired-signature",
                                "action",
                                "explained")
                        .count())
                .isEqualTo(4);
    }

    @Test
    void ownerThatNeverAcknowledgesHasTheTimeThatItMayBelieveItsDirectory() throws Exception {
        register("key-1");
        register("key-2");
        var _ = ledger.rotate(KeyClass.TLS_TICKET, Optional.empty(), "operator", Duration.ZERO);
        Suspicions suspicions = suspicions(Action.ALERT);
        assertThat(made(suspicions, Trigger.RETIRED_SIGNATURE, 605)).isEqualTo("explained");
        assertThat(made(suspicions, Trigger.RETIRED_SIGNATURE, 606)).isEqualTo("alert");
    }

    @Test
    void tokensThatAreShownToTheLedgerItselfAreWatchedToo() throws Exception {
        register("key-0");
        register("key-1");
        try (OwnReports own = new OwnReports(ledger)) {
            own.signed("key-0", 0);
            own.signed("none", 0);
            assertThat(audited).noneMatch(KeySuspected.class::isInstance);
            own.signed("key-1", 0);
            assertThat(audited)
                    .contains(new KeySuspected("tls-ticket", "key-1", "unexpected-use", "alert", SELF.toString(), 1));
            var _ = ledger.rotate(KeyClass.TLS_TICKET, Optional.empty(), "operator", Duration.ZERO);
            var _ = ledger.poll(OWNER, ledger.ring().version());
            own.signed("key-0", 0);
            own.signed("key-1", 0);
            assertThat(audited).filteredOn(KeySuspected.class::isInstance).hasSize(1);
            own.signed("key-0", 6);
            assertThat(audited)
                    .contains(
                            new KeySuspected("tls-ticket", "key-0", "retired-signature", "alert", SELF.toString(), 1));
        }
    }

    @Test
    void whatTheLedgerItselfHasSeenIsSaidAgainUntilItCanBeRecorded() throws Exception {
        register("key-0");
        register("key-1");
        try (OwnReports own = new OwnReports(ledger)) {
            auditIsAway = true;
            own.signed("key-1", 0);
            own.signed("key-1", 0);
            assertThat(audited).noneMatch(KeySuspected.class::isInstance);
            auditIsAway = false;
            own.pass(Duration.ofSeconds(30));
            assertThat(audited)
                    .contains(new KeySuspected("tls-ticket", "key-1", "unexpected-use", "alert", SELF.toString(), 2));
        }
    }

    /// What [CompromiseConfiguration] makes, with time that is moved by hand.
    private final class OwnReports implements AutoCloseable {
        private final List<Runnable> runs = new ArrayList<>();
        private final AtomicLong nanos = new AtomicLong();
        private final KeyReports reports;
        private final OwnSignatures watch;

        OwnReports(KeyLedger on) {
            reports = new KeyReports(
                            suspicions(Action.ALERT).heardBy(SELF),
                            new ScheduledThreadPoolExecutor(1) {
                                @Override
                                public ScheduledFuture<?> scheduleWithFixedDelay(
                                        Runnable run, long initial, long delay, TimeUnit unit) {
                                    runs.add(run);
                                    return super.schedule(() -> {}, 0, unit);
                                }
                            },
                            nanos::get,
                            meters)
                    .start();
            watch = new OwnSignatures(on, reports, Duration.ofSeconds(5));
        }

        void signed(String kid, long secondsFromNow) {
            watch.accept(kid, clock.instant().plusSeconds(secondsFromNow));
            pass(Duration.ofMinutes(1));
        }

        void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
            clock.advance(time);
            runs.forEach(Runnable::run);
        }

        @Override
        public void close() {
            reports.close();
        }
    }

    @Test
    void keyThatADrillDeniedIsWatchedToo() throws Exception {
        register("key-1");
        register("key-2");
        var _ = ledger.compromise(drill());
        var _ = ledger.poll(OWNER, ledger.ring().version());
        assertThat(made(suspicions(Action.ALERT), Trigger.RETIRED_SIGNATURE, 5)).isEqualTo("explained");
        assertThat(made(suspicions(Action.ALERT), Trigger.RETIRED_SIGNATURE, 6)).isEqualTo("alert");
    }

    private Drills drills(KeyLedger on) {
        return new Drills(
                on,
                new DrillRules(on, Duration.ofMinutes(1)),
                new CompromiseProperties.Drills(
                        false, Duration.ofMinutes(1), Map.of("tls-ticket", Duration.ofHours(2))),
                "spiffe://postern.local/service/key-rotation-service",
                clock);
    }

    private void pass(Drills drills, Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(4)) {
            clock.advance(Duration.ofSeconds(4));
            // The owner lives.
            var _ = ledger.poll(OWNER, ledger.ring().version());
            ledger.tick();
            drills.tick();
        }
    }

    @Test
    void drillStartsByItselfAndTheNextOneIsAPeriodLater() throws AuditUnavailable {
        register("key-1");
        register("key-2");
        Drills drills = drills(ledger);
        pass(drills, Duration.ofMinutes(119));
        assertThat(ledger.incidents()).isEmpty();
        pass(drills, Duration.ofMinutes(2));
        assertThat(ledger.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.mode()).isEqualTo("drill");
            assertThat(incident.calledBy()).endsWith("key-rotation-service");
        });
        assertThat(state("key-1")).isEqualTo("COMPROMISED");

        register("key-3");
        ledger = opened(Leadership.alone());
        Drills restarted = drills(ledger);
        pass(restarted, Duration.ofMinutes(110));
        assertThat(ledger.incidents())
                .as("a restart neither repeats nor forgets one")
                .hasSize(1);
        pass(restarted, Duration.ofMinutes(12));
        assertThat(ledger.incidents()).hasSize(2);
    }

    @Test
    void drillWaitsForASpareAndWhilePaused() throws AuditUnavailable {
        register("key-1");
        Drills drills = drills(ledger);
        pass(drills, Duration.ofHours(3));
        assertThat(ledger.incidents()).as("there is no spare").isEmpty();
        register("key-2");
        ledger.pause("operator", KeyLedger.Pausing.PAUSE);
        pass(drills, Duration.ofMinutes(10));
        assertThat(ledger.incidents()).isEmpty();
        ledger.pause("operator", KeyLedger.Pausing.RESUME);
        pass(drills, Duration.ofMinutes(1));
        assertThat(ledger.incidents()).hasSize(1);
    }

    private Compromise drill() {
        return drill(KeyClass.TLS_TICKET);
    }

    private Compromise drill(KeyClass keyClass) {
        return new Compromise(
                keyClass,
                Optional.empty(),
                Optional.empty(),
                Compromise.Mode.DRILL,
                "operator",
                Optional.empty(),
                clock.instant());
    }

    @Test
    void operatorsDrillWaitsAsTheScheduledOneDoes() throws Exception {
        DrillRules rules = new DrillRules(ledger, Duration.ofMinutes(1));
        register("key-1");
        assertWaits(rules, "no spare");
        assertThat(state("key-1")).isEqualTo("ACTIVE");
        register("key-2");
        ledger.pause("operator", KeyLedger.Pausing.PAUSE);
        assertWaits(rules, "paused");
        ledger.pause("operator", KeyLedger.Pausing.RESUME);
        Incident begun = rules.drill(drill());
        assertThat(begun.kids()).containsExactly("key-1");
        register("key-3");
        assertWaits(rules, "open");
        pass(drills(ledger), Duration.ofSeconds(40));
        assertThat(ledger.incidents()).allMatch(Incident::finished);
        assertWaits(rules, "a moment ago");
        pass(drills(ledger), Duration.ofSeconds(20));
        assertThat(rules.drill(drill()).kids()).containsExactly("key-2");
    }

    @Test
    void drillsWaitBeforeWhatTheyDeniedFillsTheLedger() throws Exception {
        DrillRules rules = new DrillRules(ledger, Duration.ofSeconds(1));
        for (int i = 0; i < DrillRules.MOST_DENIED; i++) {
            register("old-" + i);
            var _ = ledger.compromise(drill());
        }
        register("key-1");
        register("key-2");
        pass(drills(ledger), Duration.ofSeconds(40));
        assertThat(ledger.incidents()).allMatch(Incident::finished);
        assertWaits(rules, "are denied");
        assertThat(state("key-1")).isEqualTo("ACTIVE");
    }

    @Test
    void aDayKeyIsNotDrilledFarAheadOfTheCalendar() throws Exception {
        DrillRules rules = new DrillRules(ledger, Duration.ofSeconds(1));
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var _ = ledger.register(OWNER, KeyClass.AUDIT_EPOCH, "audit-epoch-" + today, Map.of());
        for (int ahead = 1; ahead <= DrillRules.MOST_DAYS_AHEAD; ahead++) {
            String spare = "audit-epoch-" + today.plusDays(ahead);
            var _ = ledger.register(OWNER, KeyClass.AUDIT_EPOCH, spare, Map.of());
            pass(drills(ledger), Duration.ofSeconds(8));
            var _ = rules.drill(drill(KeyClass.AUDIT_EPOCH));
            pass(drills(ledger), Duration.ofSeconds(40));
            assertThat(state(spare)).isEqualTo("ACTIVE");
        }
        String spare = "audit-epoch-" + today.plusDays(DrillRules.MOST_DAYS_AHEAD + 1);
        var _ = ledger.register(OWNER, KeyClass.AUDIT_EPOCH, spare, Map.of());
        pass(drills(ledger), Duration.ofSeconds(8));
        assertWaits(rules, KeyClass.AUDIT_EPOCH, "after midnight UTC");

        clock.advance(Duration.ofDays(1));
        pass(drills(ledger), Duration.ofSeconds(8));
        var _ = rules.drill(drill(KeyClass.AUDIT_EPOCH));
        assertThat(state(spare)).isEqualTo("ACTIVE");
    }

    private void assertWaits(DrillRules rules, String why) {
        assertWaits(rules, KeyClass.TLS_TICKET, why);
    }

    private void assertWaits(DrillRules rules, KeyClass keyClass, String why) {
        assertThatThrownBy(() -> rules.drill(drill(keyClass)))
                .isInstanceOf(DrillRules.Waits.class)
                .hasMessageContaining(why);
    }

    @Test
    void whoDoesNotLeadDrillsNothing() throws AuditUnavailable {
        register("key-1");
        register("key-2");
        KeyLedger standby = opened(_ -> OptionalLong.empty());
        Drills drills = drills(standby);
        drills.tick();
        clock.advance(Duration.ofHours(3));
        standby.tick();
        drills.tick();
        assertThat(standby.incidents()).isEmpty();
    }

    @Test
    void propertiesHaveSafeDefaultsAndBounds() {
        CompromiseProperties defaults = bind(Map.of());
        assertThat(defaults.drills().allowed()).isFalse();
        assertThat(defaults.drills().every()).isEmpty();
        assertThat(defaults.drills().interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(defaults.triggers())
                .isEqualTo(new CompromiseProperties.Triggers(Action.ALERT, Action.ALERT, Action.ALERT));
        assertThat(defaults.approvalPatience()).isEqualTo(Duration.ofMinutes(15));
        CompromiseProperties set = bind(Map.of(
                "postern.rotation.compromise.drills.allowed", "true",
                "postern.rotation.compromise.drills.every.token-signing", "24h",
                "postern.rotation.compromise.triggers.aead-failures", "compromise",
                "postern.rotation.compromise.approval-patience", "5m"));
        assertThat(set.drills().every()).containsEntry("token-signing", Duration.ofHours(24));
        assertThat(set.triggers().of(Trigger.AEAD_FAILURES)).isEqualTo(Action.COMPROMISE);
        for (Map<String, String> wrong : List.of(
                Map.of("postern.rotation.compromise.drills.every.no-such-class", "24h"),
                Map.of("postern.rotation.compromise.drills.every.service-cert", "24h"),
                Map.of("postern.rotation.compromise.drills.every.token-signing", "1m"),
                Map.of("postern.rotation.compromise.drills.interval", "-1s"),
                Map.of("postern.rotation.compromise.approval-patience", "0s"))) {
            assertThatThrownBy(() -> bind(wrong)).as(wrong.toString()).isInstanceOf(BindException.class);
        }
    }

    private static CompromiseProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("postern.rotation.compromise", CompromiseProperties.class);
    }
}

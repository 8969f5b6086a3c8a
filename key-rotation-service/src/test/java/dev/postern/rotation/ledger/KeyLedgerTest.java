package dev.postern.rotation.ledger;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.POLICY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.lifecycle.Blackout;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.RotationPolicy;
import dev.postern.rotation.lifecycle.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyLedgerTest {
    private static final String OPERATOR = "spiffe://postern.local/operator/cli";

    @TempDir
    Path directory;

    private LedgerFixture it = unopened();

    @SuppressWarnings("NullAway") // Opened before each test, once JUnit has made the directory.
    private static LedgerFixture unopened() {
        return null;
    }

    @BeforeEach
    void open() {
        it = new LedgerFixture(directory);
    }

    @Test
    void firstKeyActivatesOnceEveryLivingFollowerHasAppliedIt() throws Exception {
        it.pass(6, SIGNER, GATEWAY, RELAY);
        var _ = it.register("first");
        assertThat(it.state("first")).isEqualTo("PREPARED");
        it.all(SIGNER, GATEWAY);
        assertThat(it.state("first")).as("the relay has not applied it").isEqualTo("PREPARED");
        it.all(RELAY);

        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.transitions("first")).containsExactly("NONE>PREPARED registered", "PREPARED>ACTIVE first");
        assertThat(it.leftBehind).isZero();
    }

    @Test
    void rightAfterTheStartNobodysAbsenceCountsAsConsent() throws Exception {
        it.all(SIGNER);
        var _ = it.register("first");
        it.all(SIGNER);
        assertThat(it.state("first")).as("others may be about to poll").isEqualTo("PREPARED");
        it.pass(5, SIGNER);

        assertThat(it.state("first")).isEqualTo("ACTIVE");
    }

    @Test
    void spareStaysPreparedWhileItsHolderSigns() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.pass(60, SIGNER, GATEWAY, RELAY);

        assertThat(it.state("spare")).isEqualTo("PREPARED");
    }

    @Test
    void scheduledRotationActivatesTheSpareRetiresAndDestroys() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        long before = it.ledger.ring().version();
        it.clock.advance(Duration.ofHours(12));
        it.pass(6, SIGNER, GATEWAY, RELAY);

        assertThat(it.state("spare")).isEqualTo("ACTIVE");
        assertThat(it.state("first")).isEqualTo("RETIRING");
        assertThat(it.ledger.ring().version()).as("both moves are one version").isEqualTo(before + 1);

        it.pass(354, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("RETIRING");
        it.pass(1, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("DESTROYED");
        assertThat(it.ledger.ring().usable()).extracting(key -> key.kid()).containsExactly("spare");
        assertThat(it.transitions("first"))
                .containsExactly(
                        "NONE>PREPARED registered",
                        "PREPARED>ACTIVE first",
                        "ACTIVE>RETIRING scheduled",
                        "RETIRING>DESTROYED window-ended");
    }

    @Test
    void consumerThatPollsButNeverAppliesIsLeftBehindAfterTheDeadline() throws Exception {
        it.pass(6, SIGNER, GATEWAY);
        it.ledger.poll(RELAY, 0);
        var _ = it.register("first");
        for (int second = 0; second < 4; second++) {
            it.pass(1, SIGNER, GATEWAY);
            it.ledger.poll(RELAY, 0);
            assertThat(it.state("first")).isEqualTo("PREPARED");
        }
        it.pass(1, SIGNER, GATEWAY);

        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.leftBehind).isEqualTo(1);
        assertThat(it.transitions("first")).last().isEqualTo("PREPARED>ACTIVE first-unacknowledged-by-1");
    }

    @Test
    void consumerThatFellSilentIsNotWaitedFor() throws Exception {
        it.pass(6, SIGNER, GATEWAY, RELAY);
        it.pass(6, SIGNER, GATEWAY);
        var _ = it.register("first");
        it.all(SIGNER, GATEWAY);

        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.leftBehind).isZero();
    }

    @Test
    void silentOwnersKeysRetire() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.pass(15, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
        it.pass(1, GATEWAY, RELAY);

        assertThat(it.state("first")).isEqualTo("RETIRING");
        assertThat(it.state("spare")).isEqualTo("RETIRING");
        assertThat(it.transitions("spare")).last().isEqualTo("PREPARED>RETIRING owner-silent");
    }

    @Test
    void gapInOurOwnTimeBlamesNobody() throws Exception {
        it.activeKey("first");
        it.clock.advance(Duration.ofHours(1));
        it.ledger.tick();
        assertThat(it.state("first")).as("the machine slept, the owner did not").isEqualTo("ACTIVE");

        it.clock.advance(Duration.ofMinutes(-59));
        it.ledger.tick();
        it.pass(10, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
    }

    @Test
    void whoeverLooksFirstAfterAGapForgivesIt() throws Exception {
        it.activeKey("first");
        it.clock.advance(Duration.ofHours(1));
        it.all(GATEWAY);

        assertThat(it.state("first")).as("a poll came before the tick").isEqualTo("ACTIVE");
    }

    @Test
    void rotationThatOnlyLosesTheSilentOwnersKeyIsNotDone() throws Exception {
        it.activeKey("first");
        it.pass(15, GATEWAY, RELAY);
        it.clock.advance(Duration.ofSeconds(1));

        assertThatThrownBy(() ->
                        it.ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), OPERATOR, Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        RotationImpossible.class,
                        e -> assertThat(e.reason()).isEqualTo(RotationImpossible.Reason.NO_SPARE));
        assertThat(it.state("first")).isEqualTo("RETIRING");
    }

    @Test
    void unwritableLedgerIsLeftAloneForAWhile() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        Path obstacle =
                Files.createDirectories(directory.resolve("key-ledger.json.new").resolve("full"));
        it.clock.advance(Duration.ofHours(12));
        it.pass(12, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).isEqualTo("PREPARED");
        assertThat(it.transitions("spare")).as("tries on the audit log").hasSizeBetween(2, 4);
        assertThatThrownBy(() -> it.register("third")).isInstanceOf(LedgerUnwritable.class);

        Files.delete(obstacle);
        it.pass(6, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).isEqualTo("ACTIVE");
    }

    @Test
    void lostLedgerDoesNotGoBack() throws Exception {
        it.activeKey("first");
        long before = it.ledger.ring().version();
        Files.delete(it.path);
        it.clock.advance(Duration.ofMinutes(1));
        it.restart();

        assertThat(it.ledger.ring().version()).isGreaterThan(before);
    }

    @Test
    void oneServiceCannotCrowdOutTheOthers() {
        for (int i = 0; i < 100; i++) {
            it.ledger.poll(LedgerFixture.holder("gateway-service", "g-" + i), 0);
        }
        it.ledger.poll(RELAY, 0);

        assertThat(it.ledger.attendance()).hasSize(33).containsKey(RELAY);
    }

    @Test
    void operatorRotatesNow() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        KeyLedger.Rotated rotated =
                it.ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), OPERATOR, Duration.ofSeconds(1));

        assertThat(rotated.activated()).containsExactly("spare");
        assertThat(rotated.retiring()).containsExactly("first");
        assertThat(it.audited)
                .contains(new AdminChanged(OPERATOR.toString(), "rotation-requested", "key-class", "token-signing"));
        assertThat(it.transitions("spare")).last().isEqualTo("PREPARED>ACTIVE operator");
    }

    @Test
    void operatorRotatesTheKeysOfOneServiceAlone() throws Exception {
        it.activeKey("first");
        for (String kid : new String[] {"gateways-first", "gateways-spare"}) {
            var _ = it.ledger.register(GATEWAY, KeyClass.CHALLENGE_MAC, kid, Map.of());
        }
        for (String kid : new String[] {"relays-first", "relays-spare"}) {
            var _ = it.ledger.register(RELAY, KeyClass.CHALLENGE_MAC, kid, Map.of());
        }
        KeyLedger.Rotated rotated =
                it.ledger.rotate(KeyClass.CHALLENGE_MAC, Optional.of(GATEWAY.id()), OPERATOR, Duration.ofSeconds(1));

        assertThat(rotated.activated()).containsExactly("gateways-spare");
        assertThat(rotated.retiring()).containsExactly("gateways-first");
        assertThat(it.state("relays-first")).isEqualTo("ACTIVE");
        assertThatThrownBy(() -> it.ledger.rotate(
                        KeyClass.CHALLENGE_MAC, Optional.of(SIGNER.id()), OPERATOR, Duration.ofSeconds(1)))
                .isInstanceOf(RotationImpossible.class);
    }

    @Test
    void operatorsRotationWithoutASpareIsWithdrawn() throws Exception {
        it.activeKey("first");
        assertThatThrownBy(() ->
                        it.ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), OPERATOR, Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        RotationImpossible.class,
                        e -> assertThat(e.reason()).isEqualTo(RotationImpossible.Reason.NO_SPARE));
        var _ = it.register("late");
        it.pass(10, SIGNER, GATEWAY, RELAY);

        assertThat(it.state("late")).as("nobody waits for it any more").isEqualTo("PREPARED");
    }

    /// 2026-11-23 is a Monday.
    @Test
    void blackoutHoldsScheduledReplacementOnlyAndItComesAfterwards() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        it.ledger = it.opened(
                Leadership.alone(),
                new LedgerSettings(new Schedule(
                        Map.of(KeyClass.TOKEN_SIGNING, POLICY), List.of(Blackout.parse("MON 23:00-04:00")))));
        it.clock.set(Instant.parse("2026-11-24T03:59:30Z"));
        it.pass(20, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).as("12 h are over since midnight").isEqualTo("PREPARED");
        assertThat(it.ledger.plan()).extracting(Schedule.Planned::held).containsExactly("blackout");

        it.pass(20, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).isEqualTo("ACTIVE");
        assertThat(it.transitions("first")).last().isEqualTo("ACTIVE>RETIRING scheduled");
        var _ = it.register("third");
        it.clock.set(Instant.parse("2026-11-30T23:30:00Z"));
        it.pass(6, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("third")).isEqualTo("PREPARED");
        assertThat(it.ledger
                        .rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), OPERATOR, Duration.ofSeconds(1))
                        .activated())
                .as("an operator does not wait")
                .containsExactly("third");
    }

    /// The log seals under the next day's keys at midnight, whatever the directory says: it must not say otherwise.
    @Test
    void keysOfTheDayAreReplacedAtMidnightAndNothingHoldsItUp() throws Exception {
        Holder log = LedgerFixture.holder("audit-service", Holder.SHARED);
        it.ledger = it.opened(
                Leadership.alone(),
                new LedgerSettings(new Schedule(Map.of(), List.of(Blackout.parse("MON-SUN 00:00-23:59")))));
        it.pass(6, log);
        for (String kid : List.of("epoch-monday", "epoch-tuesday")) {
            var _ = it.ledger.register(log, KeyClass.AUDIT_EPOCH, kid, Map.of());
            it.pass(6, log);
        }
        it.ledger.pause(OPERATOR, KeyLedger.Pausing.PAUSE);
        Instant midnight = Instant.parse("2026-11-24T00:00:00Z");
        assertThat(it.ledger.plan()).singleElement().satisfies(planned -> {
            assertThat(planned.at()).isEqualTo(midnight);
            assertThat(planned.held()).isEmpty();
        });
        it.clock.set(midnight.minusSeconds(2));
        it.pass(1, log);
        assertThat(it.state("epoch-tuesday")).isEqualTo("PREPARED");

        it.pass(2, log);

        assertThat(it.state("epoch-tuesday")).isEqualTo("ACTIVE");
        assertThat(it.state("epoch-monday")).isEqualTo("RETIRING");
    }

    /// What took over from a compromised key is used through the day that it is for, so that the lead does not stay.
    @Test
    void aKeyOfTheDayThatBeganEarlyEndsWithItsOwnDay() throws Exception {
        Holder log = LedgerFixture.holder("audit-service", Holder.SHARED);
        for (String kid : List.of("audit-epoch-2026-11-24", "audit-epoch-2026-11-25")) {
            var _ = it.ledger.register(log, KeyClass.AUDIT_EPOCH, kid, Map.of());
            it.pass(6, log);
        }
        assertThat(it.state("audit-epoch-2026-11-24"))
                .as("on the day before its own")
                .isEqualTo("ACTIVE");
        it.clock.set(Instant.parse("2026-11-24T00:00:00Z"));
        it.pass(6, log);
        assertThat(it.state("audit-epoch-2026-11-24")).as("on its own day").isEqualTo("ACTIVE");
        assertThat(it.ledger.plan())
                .singleElement()
                .satisfies(planned -> assertThat(planned.at()).isEqualTo(Instant.parse("2026-11-25T00:00:00Z")));
        it.clock.set(Instant.parse("2026-11-25T00:00:00Z"));
        it.pass(6, log);
        assertThat(it.state("audit-epoch-2026-11-25")).isEqualTo("ACTIVE");

        var _ = it.ledger.register(log, KeyClass.AUDIT_EPOCH, "audit-epoch-2099-01-01", Map.of());
        it.clock.set(Instant.parse("2026-11-26T00:00:00Z"));
        it.pass(6, log);
        assertThat(it.ledger.plan())
                .as("a name that no log would use")
                .singleElement()
                .satisfies(planned -> assertThat(planned.at()).isEqualTo(Instant.parse("2026-11-27T00:00:00Z")));
    }

    @Test
    void jitterTakesUpToItsLengthOffThePeriodAndNotTheSameOfEachKey() throws Exception {
        Duration jitter = Duration.ofMinutes(36);
        it.ledger = it.opened(
                Leadership.alone(),
                new LedgerSettings(new Schedule(
                        Map.of(
                                KeyClass.TOKEN_SIGNING,
                                new RotationPolicy(
                                        POLICY.period(),
                                        POLICY.verificationWindow(),
                                        POLICY.acknowledgementDeadline(),
                                        POLICY.consumerWindow(),
                                        POLICY.ownerSilence(),
                                        jitter)),
                        List.of())));
        Holder[] signers = new Holder[20];
        for (int i = 0; i < signers.length; i++) {
            signers[i] = LedgerFixture.holder("token-service", "s-" + i);
        }
        it.pass(6, signers);
        for (int i = 0; i < signers.length; i++) {
            for (String kid : List.of("signing-key-" + i, "spare-key-" + i)) {
                var _ = it.ledger.register(signers[i], KeyClass.TOKEN_SIGNING, kid, Map.of());
                it.all(signers);
            }
        }
        Instant since = it.clock.instant();
        List<Schedule.Planned> plan = it.ledger.plan();
        assertThat(plan)
                .hasSize(signers.length)
                .allSatisfy(planned -> assertThat(planned.at())
                        .isBetween(since.plus(POLICY.period()).minus(jitter), since.plus(POLICY.period())));
        assertThat(plan)
                .extracting(Schedule.Planned::at)
                .as("not all go at once")
                .doesNotHaveDuplicates();
        assertThat(it.ledger.plan()).as("it is the key's own, not drawn anew").isEqualTo(plan);

        Instant median = plan.stream()
                .map(Schedule.Planned::at)
                .sorted()
                .skip(signers.length / 2)
                .findFirst()
                .orElseThrow();
        it.clock.set(median);
        it.pass(1, signers);
        for (Schedule.Planned planned : plan) {
            assertThat(it.state(planned.key().kid()))
                    .isEqualTo(planned.at().isAfter(it.clock.instant()) ? "ACTIVE" : "RETIRING");
        }
    }

    @Test
    void nothingActiveIsNothingToRotate() {
        assertThatThrownBy(() ->
                        it.ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), OPERATOR, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        RotationImpossible.class,
                        e -> assertThat(e.reason()).isEqualTo(RotationImpossible.Reason.NOTHING_ACTIVE));
    }

    @Test
    void restartContinuesWithAHigherVersionAndTheSameKeys() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        var before = it.ledger.ring();
        it.restart();

        assertThat(it.ledger.ring().version()).isGreaterThan(before.version());
        assertThat(it.ledger.ring().keys()).isEqualTo(before.keys());
        long version = it.ledger.ring().version();
        it.restart();
        assertThat(it.ledger.ring().version()).isGreaterThan(version);
        it.pass(14, GATEWAY, RELAY);
        assertThat(it.state("first")).as("a new start gives the owner its time").isEqualTo("ACTIVE");
    }

    @Test
    void withoutAuditNothingMovesAndLaterItDoes() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        it.auditIsAway = true;
        assertThatThrownBy(() -> it.register("third")).isInstanceOf(AuditUnavailable.class);
        it.clock.advance(Duration.ofHours(12));
        it.pass(8, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.state("third")).isEqualTo("NONE");
        assertThat(it.delayed).isPositive();

        it.auditIsAway = false;
        it.pass(1, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).isEqualTo("ACTIVE");
    }

    @Test
    void consumerAheadOfTheLedgerAcknowledgesNothing() throws Exception {
        it.pass(6, SIGNER, GATEWAY, RELAY);
        var _ = it.register("first");
        it.all(SIGNER, GATEWAY);
        it.ledger.poll(RELAY, Long.MAX_VALUE);

        assertThat(it.state("first")).isEqualTo("PREPARED");
    }

    @Test
    void keyIdsAreNeverReused() throws Exception {
        it.activeKey("first");
        assertThat(it.register("first").state().label())
                .as("repeating is harmless")
                .isEqualTo("ACTIVE");
        assertRefused(RegistrationRefused.Reason.KEY_ID_TAKEN, "first", Map.of("kid", "other"));
        it.pass(16, GATEWAY);
        it.pass(361, GATEWAY);
        assertThat(it.state("first")).isEqualTo("DESTROYED");

        assertRefused(RegistrationRefused.Reason.KEY_ID_TAKEN, "first", Map.of("kid", "first"));
    }

    @Test
    void holderCannotFillTheDirectory() throws Exception {
        for (int i = 0; i < 16; i++) {
            var _ = it.register("key-" + i);
        }
        assertRefused(RegistrationRefused.Reason.TOO_MANY_KEYS, "one-more", Map.of());
    }

    @Test
    void ownerCannotFillTheLedgerNorTakeTheRoomOfCertificates() throws Exception {
        for (int slot = 0; slot < 25; slot++) {
            for (int i = 0; i < 16; i++) {
                var _ = it.ledger.register(
                        LedgerFixture.holder("token-service", "s-" + slot),
                        KeyClass.TOKEN_SIGNING,
                        "key-" + slot + "-" + i,
                        Map.of());
            }
        }
        Holder another = LedgerFixture.holder("token-service", "s-25");
        var _ = it.ledger.register(another, KeyClass.TOKEN_SIGNING, "its-first", Map.of());
        assertThatThrownBy(() -> it.ledger.register(another, KeyClass.TOKEN_SIGNING, "one-more", Map.of()))
                .isInstanceOf(RegistrationRefused.class);
        it.ledger.leave(another, 0);
        // Whose room in the attendance is free again, while its key is usable for some minutes.
        for (int i = 1; i < 100; i++) {
            Holder madeUp = LedgerFixture.holder("token-service", "made-up-" + i);
            var _ = it.ledger.register(madeUp, KeyClass.TOKEN_SIGNING, "its-first-" + i, Map.of());
            it.ledger.leave(madeUp, 0);
        }
        Holder late = LedgerFixture.holder("token-service", "late");
        assertThatThrownBy(() -> it.ledger.register(late, KeyClass.TOKEN_SIGNING, "a-first", Map.of()))
                .isInstanceOf(RegistrationRefused.class);
        var _ = it.ledger.register(GATEWAY, KeyClass.TLS_TICKET, "others-key", Map.of());
        var _ = it.ledger.register(
                LedgerFixture.holder("token-service", "0a1b"), KeyClass.SERVICE_CERT, "0a1b", Map.of());
        assertThat(it.state("0a1b")).isEqualTo("ACTIVE");

        it.clock.advance(POLICY.verificationWindow());
        it.pass(1, GATEWAY);
        assertThat(it.state("its-first-1")).isEqualTo("DESTROYED");
        var _ = it.ledger.register(late, KeyClass.TOKEN_SIGNING, "a-first", Map.of());
    }

    @Test
    void whatEndedKeepsNobodyFromTheFirstKeyOfANewStart() throws Exception {
        it.pass(6, GATEWAY);
        for (int start = 0; start < 210; start++) {
            Holder process = LedgerFixture.holder("token-service", "s-" + start);
            for (String kid : List.of("a-" + start, "b-" + start)) {
                var _ = it.ledger.register(process, KeyClass.TOKEN_SIGNING, kid, Map.of());
            }
            it.clock.advance(Duration.ofSeconds(1));
            it.ledger.poll(GATEWAY, 0);
            it.ledger.leave(process, 0);
            it.clock.advance(Duration.ofMinutes(7));
            it.pass(1, GATEWAY);
        }
        assertThat(it.ledger.ring().keys().values().stream().filter(key -> key.state() instanceof KeyState.Destroyed))
                .as("the last of them are remembered")
                .hasSizeLessThanOrEqualTo(200);
        assertThat(it.state("a-0")).isEqualTo("NONE");
        assertThat(it.state("a-209")).isIn("RETIRING", "DESTROYED");
        it.pass(1, SIGNER);
        assertThat(it.register("first").state().usable()).isTrue();
    }

    @Test
    void whatReplicasShareIsNotForgottenBeforeItsTime() {
        Map<String, ManagedKey> keys = new LinkedHashMap<>();
        Instant ended = it.clock.instant();
        for (int i = 0; i < 201; i++) {
            KeyState state = new KeyState.Destroyed(ended.plusSeconds(i));
            ManagedKey shared =
                    new ManagedKey(KeyClass.VAULT_RECORD, "shared-" + i, SIGNER.id(), Holder.SHARED, Map.of(), state);
            ManagedKey its =
                    new ManagedKey(KeyClass.TOKEN_SIGNING, "its-" + i, SIGNER.id(), SIGNER.instance(), Map.of(), state);
            keys.put(shared.kid(), shared);
            keys.put(its.kid(), its);
        }
        assertThat(Room.tooManyEnded(new KeyRing(1, keys))).containsExactly("its-0");
    }

    @Test
    void madeUpInstancesHaveNoRoomForLastingKeysEither() throws Exception {
        for (int i = 0; i < 32; i++) {
            var _ = it.ledger.register(
                    LedgerFixture.holder("redaction-service", "r-" + i), KeyClass.PSEUDONYM, "key-" + i, Map.of());
        }
        Holder another = LedgerFixture.holder("redaction-service", "r-32");
        assertThatThrownBy(() -> it.ledger.register(another, KeyClass.PSEUDONYM, "one-more", Map.of()))
                .isInstanceOf(RegistrationRefused.class);
        Holder shared = LedgerFixture.holder("redaction-service", Holder.SHARED);
        var _ = it.ledger.register(shared, KeyClass.PSEUDONYM, "shared-key", Map.of());
        assertThat(it.ledger.attendance()).doesNotContainKey(shared);
    }

    @Test
    void endedKeyOfAShortLivedClassIsForgottenOnceNothingOfItCanBeShown() throws Exception {
        it.pass(6, RELAY);
        var _ = it.ledger.register(RELAY, KeyClass.RELAY_HPKE, "set-1", Map.of());
        it.pass(16, GATEWAY);
        Duration window = RotationPolicy.standard(KeyClass.RELAY_HPKE).verificationWindow();
        it.pass((int) window.toSeconds(), GATEWAY);
        assertThat(it.state("set-1")).isEqualTo("DESTROYED");
        it.pass((int) RotationPolicy.standard(KeyClass.RELAY_HPKE).memory().toSeconds() + 1, GATEWAY);
        assertThat(it.state("set-1")).isEqualTo("NONE");
    }

    private void assertRefused(RegistrationRefused.Reason reason, String kid, Map<String, String> jwk) {
        assertThatThrownBy(() -> it.ledger.register(SIGNER, KeyClass.TOKEN_SIGNING, kid, jwk))
                .isInstanceOfSatisfying(
                        RegistrationRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void unreadableLedgerStopsTheStart() throws IOException {
        for (String content : new String[] {"", "{}", "null", "{\"format\":3,\"version\":1,\"keys\":[]}", "[1"}) {
            Files.writeString(it.path, content);
            assertThatThrownBy(it::restart).as(content).isInstanceOf(LedgerUnusable.class);
        }
    }
}

package dev.postern.rotation.ledger;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SETTINGS;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.rotation.lifecycle.KeyClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several processes on one ledger: who decides, who is refused, and what becomes of a rotation whose leader dies.
@SuppressWarnings("NullAway.Init")
final class TakeOverTest {
    /// An election that is decided by hand.
    private static final class ByHand implements Leadership {
        private OptionalLong fence = OptionalLong.empty();

        @Override
        public OptionalLong fence(long stored) {
            return fence;
        }
    }

    @TempDir
    private Path directory;

    private LedgerFixture it;

    @BeforeEach
    void open() {
        it = new LedgerFixture(directory);
    }

    @Test
    void oldLeadersWriteIsRefusedAndItStandsByFromThenOn() throws Exception {
        it.activeKey("first");
        KeyLedger old = it.ledger;
        it.restart();
        // The old one has not looked at the clock since: it still believes that it leads.
        assertThat(old.leads()).isTrue();
        assertThatThrownBy(() -> old.register(SIGNER, KeyClass.TOKEN_SIGNING, "late-key", Map.of()))
                .isInstanceOf(LedgerUnwritable.class);

        assertThat(old.leads()).isFalse();
        assertThat(it.state("late-key")).isEqualTo("NONE");
        assertThatThrownBy(() -> old.poll(GATEWAY, 0)).isInstanceOf(LedgerStandsBy.class);
        old.tick();
        assertThat(old.leads()).as("it was fenced out for good").isFalse();
    }

    @Test
    void tickNoticesANewLeaderBeforeAnyWrite() throws Exception {
        it.activeKey("first");
        KeyLedger old = it.ledger;
        it.restart();
        old.tick();
        assertThat(old.leads()).isFalse();
        var _ = it.register("spare");
        old.tick();
        assertThat(old.ring().find("spare")).as("it reads along").isPresent();
    }

    @Test
    void twoThatWereBothElectedCannotBothWrite() throws Exception {
        ByHand one = new ByHand();
        ByHand two = new ByHand();
        one.fence = OptionalLong.of(50);
        KeyLedger first = it.opened(one, SETTINGS);
        two.fence = OptionalLong.of(51);
        KeyLedger second = it.opened(two, SETTINGS);
        assertThatThrownBy(() -> first.register(SIGNER, KeyClass.TOKEN_SIGNING, "from-first", Map.of()))
                .isInstanceOf(LedgerUnwritable.class);
        var _ = second.register(SIGNER, KeyClass.TOKEN_SIGNING, "from-second", Map.of());
        first.tick();

        assertThat(first.leads()).isFalse();
        assertThat(first.ring().keys()).containsOnlyKeys("from-second");
        // An election that goes back does not give the ledger back.
        one.fence = OptionalLong.of(51);
        first.tick();
        assertThat(first.leads()).isFalse();
        one.fence = OptionalLong.of(52);
        first.tick();
        assertThat(first.leads()).isTrue();
        second.tick();
        assertThat(second.leads()).isFalse();
    }

    @Test
    void notElectedAnswersNothingAndReadsAlong() throws Exception {
        KeyLedger standby = it.opened(new ByHand(), SETTINGS);
        it.activeKey("first");
        standby.tick();
        assertThat(standby.ring().find("first")).isPresent();
        assertThatThrownBy(() -> standby.poll(GATEWAY, 0)).isInstanceOf(LedgerStandsBy.class);
        assertThatThrownBy(() ->
                        standby.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), "operator", Duration.ofMillis(1)))
                .isInstanceOf(LedgerStandsBy.class);
        assertThat(it.ledger.leads()).isTrue();
    }

    @Test
    void versionsGoForwardOverTakeOvers() throws Exception {
        it.activeKey("first");
        long before = it.ledger.ring().version();
        for (int i = 0; i < 3; i++) {
            it.restart();
            assertThat(it.ledger.ring().version()).isGreaterThan(before);
            before = it.ledger.ring().version();
        }
    }

    /// The key is either not denied, and the caller knows, or it is for good. (A rotation: SuccessionTest.)
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void leaderThatDiesInACompromiseLeavesAllOrNothing(int deadly) throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        Dying dying = new Dying(it);
        it.ledger = dying.ledger(Leadership.alone());
        Compromise compromise = new Compromise(
                KeyClass.TOKEN_SIGNING,
                Optional.empty(),
                Optional.empty(),
                Compromise.Mode.DRILL,
                "operator",
                Optional.empty(),
                it.clock.instant());
        dying.at(deadly);
        assertThatThrownBy(() -> it.ledger.compromise(compromise)).isInstanceOf(Dying.Killed.class);
        it.restart();
        // Before: two records, each with its two steps.
        boolean written = deadly >= 4;
        assertThat(it.state("first")).isEqualTo(written ? "COMPROMISED" : "ACTIVE");
        assertThat(it.state("spare")).isEqualTo(written ? "ACTIVE" : "PREPARED");
        assertThat(it.ledger.incidents()).hasSize(written ? 1 : 0);
        assertThat(it.active()).hasSize(1);
    }

    @Test
    void pauseOutlivesTheLeaderAndHoldsScheduledReplacementOnly() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        it.ledger.pause("operator", KeyLedger.Pausing.PAUSE);
        it.restart();
        assertThat(it.ledger.pausedSince()).isPresent();
        it.clock.advance(Duration.ofHours(12));
        it.pass(10, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.ledger.plan()).singleElement().satisfies(planned -> {
            assertThat(planned.held()).isEqualTo("paused");
            assertThat(planned.at()).isBefore(it.clock.instant());
        });
        assertThat(it.ledger
                        .rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), "operator", Duration.ofSeconds(1))
                        .activated())
                .containsExactly("spare");

        var _ = it.register("third");
        it.ledger.pause("operator", KeyLedger.Pausing.RESUME);
        it.clock.advance(Duration.ofHours(12));
        it.pass(10, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("third")).isEqualTo("ACTIVE");
    }

    @Test
    void dryRunReplacesNothingBySchedule() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        it.ledger =
                it.opened(Leadership.alone(), new LedgerSettings(SETTINGS.schedule(), true, Duration.ofSeconds(30)));
        it.clock.advance(Duration.ofHours(12));
        it.pass(10, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("spare")).isEqualTo("PREPARED");
        assertThat(it.transitions("spare")).hasSize(1);
    }
}

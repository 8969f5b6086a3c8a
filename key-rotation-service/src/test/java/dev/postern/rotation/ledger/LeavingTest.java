package dev.postern.rotation.ledger;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that end in good order, and what is known of keys that their holders gave up.
@SuppressWarnings("NullAway.Init")
final class LeavingTest {
    @TempDir
    private Path directory;

    private LedgerFixture it;

    @BeforeEach
    void open() {
        it = new LedgerFixture(directory);
    }

    private void activeWithSpare() throws AuditUnavailable {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
    }

    private void leave(Holder holder) {
        it.ledger.leave(holder, it.ledger.ring().version());
    }

    private Incident drill() throws AuditUnavailable {
        return it.ledger.compromise(new Compromise(
                KeyClass.TOKEN_SIGNING,
                Optional.empty(),
                Optional.empty(),
                Mode.DRILL,
                "operator",
                Optional.empty(),
                it.clock.instant()));
    }

    @Test
    void activationDoesNotWaitForWhoHasLeft() throws AuditUnavailable {
        it.pass(6, SIGNER, GATEWAY, RELAY);
        var _ = it.register("first");
        it.all(SIGNER, GATEWAY);
        assertThat(it.state("first")).as("the relay lives").isEqualTo("PREPARED");
        it.ledger.leave(RELAY, 0);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.leftBehind).isZero();
    }

    @Test
    void compromiseJustAfterDoesNotCallItSilentAndCallsAKilledOneSo() throws AuditUnavailable {
        activeWithSpare();
        leave(RELAY);
        Incident begun = drill();
        assertThat(begun.silent())
                .extracting(Incident.Consumer::id)
                .containsExactlyInAnyOrder(SIGNER.id(), GATEWAY.id());
        it.ledger.poll(SIGNER, begun.version());
        it.pass(40, SIGNER);
        assertThat(it.ledger.incidents().getLast().silent())
                .as("the gateway was killed")
                .extracting(Incident.Consumer::id)
                .containsExactly(GATEWAY.id());
    }

    @Test
    void whoLeavesWhileItIsWaitedForIsWaitedForNoLonger() throws AuditUnavailable {
        activeWithSpare();
        long version = drill().version();
        it.ledger.poll(SIGNER, version);
        it.ledger.leave(GATEWAY, version);
        it.ledger.leave(RELAY, version - 1);
        Incident report = it.ledger.incidents().getLast();
        assertThat(report.silent()).isEmpty();
        assertThat(report.phases()).containsKey(Phase.ACKNOWLEDGED);
        assertThat(report.acknowledgements())
                .as("its last word may be an acknowledgement, or not")
                .extracting(Incident.Acknowledgement::id)
                .containsExactly(SIGNER.id(), GATEWAY.id());
    }

    @Test
    void keysOfAProcessThatLeavesRetireAtOnceAndNeedNoSpare() throws AuditUnavailable {
        activeWithSpare();
        var _ = drill();
        assertThat(it.ledger.incidents().getLast().owed()).anyMatch(owed -> owed.startsWith("spare "));
        leave(SIGNER);
        assertThat(it.state("spare")).isEqualTo("RETIRING");
        assertThat(it.transitions("spare")).last().isEqualTo("ACTIVE>RETIRING owner-left");
        assertThat(it.ledger.incidents().getLast().owed())
                .as("what the key signed may live; nobody has said otherwise")
                .containsExactly("end first");
    }

    @Test
    void aWordThatWasLateBringsNobodyBack() throws AuditUnavailable {
        activeWithSpare();
        leave(RELAY);
        it.ledger.poll(RELAY, 0);
        assertThat(it.ledger.attendance()).doesNotContainKey(RELAY);
        assertThat(drill().silent()).extracting(Incident.Consumer::id).doesNotContain(RELAY.id());
    }

    @Test
    void whoWasNeverHeardLeavesNothing() {
        it.ledger.leave(RELAY, 0);
        assertThat(it.ledger.attendance()).doesNotContainKey(RELAY);
        KeyLedger standby = it.opened(_ -> OptionalLong.empty(), LedgerFixture.SETTINGS);
        assertThatThrownBy(() -> standby.leave(RELAY, 0)).isInstanceOf(LedgerStandsBy.class);
    }

    private void rotate() throws InterruptedException, AuditUnavailable {
        var _ = it.ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), "operator", Duration.ZERO);
    }

    @Test
    void keyIsGivenUpWhenItsHolderHasAcknowledgedThat() throws Exception {
        activeWithSpare();
        assertThat(it.ledger.relinquished("first")).as("in use").isEmpty();
        rotate();
        long version = it.ledger.ring().version();
        it.clock.advance(Duration.ofSeconds(3));
        it.ledger.poll(SIGNER, version - 1);
        it.ledger.poll(GATEWAY, version);
        assertThat(it.ledger.relinquished("first"))
                .as("its holder has not heard")
                .isEmpty();
        it.clock.advance(Duration.ofSeconds(1));
        Instant heard = it.clock.instant();
        it.ledger.poll(SIGNER, version);
        assertThat(it.ledger.relinquished("first")).contains(heard);
        it.pass(400, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("DESTROYED");
        assertThat(it.ledger.relinquished("first")).as("for good").contains(heard);

        it.restart();
        assertThat(it.ledger.relinquished("first")).as("not on disk").isEmpty();
        it.all(SIGNER);
        assertThat(it.ledger.relinquished("first")).contains(it.clock.instant());
    }

    @Test
    void keyIsGivenUpWhenItsHolderLeaves() throws Exception {
        activeWithSpare();
        leave(SIGNER);
        assertThat(it.state("first")).isEqualTo("RETIRING");
        assertThat(it.ledger.relinquished("first")).contains(it.clock.instant());
        assertThat(it.ledger.relinquished("none")).isEmpty();
    }

    @Test
    void nobodyKnowsWhenOneThatFellSilentGaveItsKeyUp() throws Exception {
        activeWithSpare();
        it.pass(20, GATEWAY);
        assertThat(it.state("first")).isEqualTo("RETIRING");
        assertThat(it.ledger.relinquished("first")).isEmpty();
    }
}

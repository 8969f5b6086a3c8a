package dev.postern.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.MutableClock;
import dev.postern.token.TrustState.Standing;
import dev.postern.trust.FeedRefused.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FeedReaderTest {
    private static final Duration SILENCE = Duration.ofMillis(900);
    private static final long GENERATION = 1_700_000_000_000L;

    private final MutableClock clock = MutableClock.atNoon();
    private final AtomicLong nanos = new AtomicLong();
    private final Parties parties = Parties.at(clock);
    private final WorkloadIdentity publisher = parties.service("token-service");
    private final TrustBoard board = new TrustBoard(clock);
    private final FeedReader reader = new FeedReader(
            Parties.DECISIONS,
            change -> !(change instanceof KeyStates),
            parties::anchors,
            board,
            Duration.ofSeconds(2),
            clock,
            nanos::get);

    @Test
    void readsOnFromTheSnapshotInOrder() throws FeedRefused {
        stored(GENERATION, 4, revocation("old"));
        assertThat(reader.isLost()).isFalse();
        assertThat(reader.heardWithin(SILENCE)).isFalse();
        entry(GENERATION, 5, revocation("new"));
        entry(GENERATION, 6);
        assertThat(reader.position()).isEqualTo(new FeedPosition(GENERATION, 6));
        assertThat(reader.heardWithin(SILENCE)).isTrue();
        assertThat(board.revocations()).isEqualTo(2);
    }

    @Test
    void silenceEndsCurrencyAndTheNextEntryBringsItBack() throws FeedRefused {
        stored(GENERATION, 1);
        entry(GENERATION, 2);
        pass(SILENCE);
        assertThat(reader.heardWithin(SILENCE)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(reader.heardWithin(SILENCE)).isFalse();
        entry(GENERATION, 3);
        assertThat(reader.heardWithin(SILENCE)).isTrue();
    }

    @Test
    void replayedEntriesDoNotCountAsHeard() throws FeedRefused {
        stored(GENERATION, 1);
        String second = signed(FeedMessage.ENTRY, GENERATION, 2);
        reader.entry(second);
        pass(SILENCE.plusNanos(1));
        refused(Reason.REPLAYED, () -> reader.entry(second));
        assertThat(reader.heardWithin(SILENCE)).isFalse();
    }

    @Test
    void earlierGenerationsAreRefused() throws FeedRefused {
        stored(GENERATION, 1);
        refused(Reason.ROLLED_BACK, () -> entry(GENERATION - 1, 2));
        refused(Reason.ROLLED_BACK, () -> stored(GENERATION - 1, 9));
        assertThat(reader.position()).isEqualTo(new FeedPosition(GENERATION, 1));
    }

    @Test
    void gapNeedsASnapshotThatClosesIt() throws FeedRefused {
        stored(GENERATION, 1);
        refused(Reason.GAP, () -> entry(GENERATION, 4, revocation("late")));
        assertThat(reader.isLost()).isTrue();
        assertThat(board.revocations()).isZero();
        stored(GENERATION, 2);
        assertThat(reader.isLost()).isTrue();
        stored(GENERATION, 3, revocation("missed"));
        assertThat(reader.isLost()).isFalse();
        entry(GENERATION, 4, revocation("late"));
        assertThat(board.revocations()).isEqualTo(2);
    }

    @Test
    void newGenerationNeedsItsSnapshot() throws FeedRefused {
        stored(GENERATION, 7, revocation("kept"));
        refused(Reason.GAP, () -> entry(GENERATION + 1, 1));
        stored(GENERATION + 1, 1);
        entry(GENERATION + 1, 2);
        assertThat(board.revocations()).isEqualTo(1);
        assertThat(reader.heardWithin(SILENCE)).isTrue();
    }

    @Test
    void anotherServicesSignatureIsRefused() throws FeedRefused {
        stored(GENERATION, 1);
        WorkloadIdentity other = parties.service("gateway-service");
        FeedMessage message = Parties.message(GENERATION, 2, clock.instant(), revocation("forged"));
        refused(Reason.FORGED, () -> reader.entry(Parties.sign(other, FeedMessage.ENTRY, message)));
        WorkloadIdentity stranger = Parties.at(clock).service("token-service");
        refused(Reason.FORGED, () -> reader.entry(Parties.sign(stranger, FeedMessage.ENTRY, message)));
    }

    @Test
    void flippedBitsAreRefusedWhereverTheyAre() throws FeedRefused {
        stored(GENERATION, 1);
        String good = signed(FeedMessage.ENTRY, GENERATION, 2, revocation("real"));
        for (int i = 0; i < good.length(); i += 97) {
            char flipped = (char) (good.charAt(i) ^ 1);
            String bad = good.substring(0, i) + flipped + good.substring(i + 1);
            refused(Reason.FORGED, () -> reader.entry(bad));
        }
        reader.entry(good);
    }

    @Test
    void anEntryIsNoSnapshotAndASnapshotNoEntry() throws FeedRefused {
        stored(GENERATION, 1);
        refused(Reason.FORGED, () -> reader.entry(signed(FeedMessage.SNAPSHOT, GENERATION, 2)));
        refused(Reason.FORGED, () -> reader.storedSnapshot(signed(FeedMessage.ENTRY, GENERATION, 2)));
    }

    @Test
    void publisherOfDecisionsMayNotSpeakAboutKeys() throws FeedRefused {
        stored(GENERATION, 1);
        refused(Reason.NOT_ALLOWED, () -> entry(GENERATION, 2, new KeyStates(1, Map.of())));
    }

    @Test
    void entriesOfAnotherTimeApplyButDoNotCountAsHeard() throws FeedRefused {
        stored(GENERATION, 1);
        String old = signed(FeedMessage.ENTRY, GENERATION, 2, revocation("old"));
        clock.advance(Duration.ofSeconds(3));
        reader.entry(old);
        assertThat(board.revocations()).isEqualTo(1);
        assertThat(reader.heardWithin(SILENCE)).isFalse();
        String future = signed(FeedMessage.ENTRY, GENERATION, 3);
        clock.advance(Duration.ofSeconds(-3));
        reader.entry(future);
        assertThat(reader.heardWithin(SILENCE)).isFalse();
    }

    @Test
    void storedSnapshotOfLongAgoIsRefused() {
        String old = signed(FeedMessage.SNAPSHOT, GENERATION, 1);
        clock.advance(Duration.ofSeconds(61));
        refused(Reason.OUT_OF_TIME, () -> reader.storedSnapshot(old));
    }

    @Test
    void freshSnapshotCountsAsHeardEvenFromAReplicaThatIsBehind() throws FeedRefused {
        stored(GENERATION, 9);
        reader.freshSnapshot(signed(FeedMessage.SNAPSHOT, 0, 0, revocation("direct")));
        assertThat(reader.heardWithin(SILENCE)).isTrue();
        assertThat(reader.position()).isEqualTo(new FeedPosition(GENERATION, 9));
        assertThat(board.revocations()).isEqualTo(1);
        String old = signed(FeedMessage.SNAPSHOT, GENERATION, 9);
        clock.advance(Duration.ofSeconds(3));
        refused(Reason.OUT_OF_TIME, () -> reader.freshSnapshot(old));
    }

    @Test
    void revocationIsKnownEvenWhileNothingElseIs() throws FeedRefused {
        stored(GENERATION, 1);
        entry(GENERATION, 2, revocation("token-1"));
        SomeToken token = SomeToken.issuedAt(clock.instant());
        assertThat(board.standingOf(token, false)).isEqualTo(Standing.REVOKED);
        SomeToken other = new SomeToken("t", "k", "s", "c", "u", "n", token.actors(), token.issuedAt(), 0);
        assertThat(board.standingOf(other, false)).isEqualTo(Standing.UNKNOWN);
        assertThat(board.standingOf(other, true)).isEqualTo(Standing.TRUSTED);
    }

    private Revocation revocation(String token) {
        return Revocation.of(Revocation.Kind.TOKEN, token, clock.instant(), "test");
    }

    private void entry(long generation, long seq, TrustChange... changes) throws FeedRefused {
        reader.entry(signed(FeedMessage.ENTRY, generation, seq, changes));
    }

    private void stored(long generation, long seq, TrustChange... changes) throws FeedRefused {
        reader.storedSnapshot(signed(FeedMessage.SNAPSHOT, generation, seq, changes));
    }

    private String signed(String type, long generation, long seq, TrustChange... changes) {
        Instant now = clock.instant();
        return Parties.sign(publisher, type, Parties.message(generation, seq, now, changes));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static void refused(Reason reason, ThrowingCallable step) {
        assertThatThrownBy(step)
                .isInstanceOfSatisfying(
                        FeedRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}

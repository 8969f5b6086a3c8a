package dev.postern.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EpochTest {
    private static final byte[] HELLO = "{}".getBytes(UTF_8);

    private final TestPeers peers = new TestPeers(Suite.X25519);
    private final TestPeers.SessionPair pair = peers.session(terms(new EpochLimits(Duration.ofSeconds(60), 8)));
    private final SealedSession client = pair.client();
    private final SealedSession relay = pair.relay();
    private final int stream = client.openStream();

    private SessionTerms terms(EpochLimits limits) {
        return new SessionTerms(
                peers.terms().expires(), limits, 1024, 16, Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    @Test
    void theStandardIsAMinuteOr65536Frames() {
        EpochLimits standard = new EpochLimits(Duration.ofSeconds(60), 1 << 16);
        assertThat(EpochLimits.DEFAULT).isEqualTo(standard);
        assertThat(peers.terms().epoch()).isEqualTo(standard);
        assertThatThrownBy(() -> new EpochLimits(Duration.ofMillis(60_001), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochLimits(Duration.ofSeconds(60), (1 << 16) + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRelayUpdatesItsKeysAfter65536Frames() {
        TestPeers.SessionPair standard = peers.session();
        int question = standard.client().openStream();
        standard.relay().receive(only(standard.client().seal(question, HELLO, ContentType.JSON, Chunk.LAST)));
        for (int i = 0; i < 1 << 16; i++) {
            only(standard.relay().seal(question, HELLO, ContentType.JSON, Chunk.MORE));
        }
        assertThat(standard.relay().epoch()).isZero();
        assertThat(standard.relay().seal(question, HELLO, ContentType.JSON, Chunk.MORE))
                .as("an update, and the frame")
                .hasSize(2);
        assertThat(standard.relay().epoch()).isEqualTo(1);
    }

    @Test
    void theRelayUpdatesItsKeysAfterAMinute() {
        peers.advance(Duration.ofMillis(59_999));
        assertThat(relay.due()).isEmpty();
        peers.advance(Duration.ofMillis(1));
        byte[] update = only(relay.due());
        assertThat(relay.epoch()).isEqualTo(1);
        assertThat(relay.due()).isEmpty();
        assertThat(client.receive(update)).isEqualTo(new Received.KeyUpdated(1));
        assertThat(client.epochCommitment()).isEqualTo(relay.epochCommitment());
        assertThat(relay.receive(question())).isInstanceOf(Received.Delivered.class);
    }

    @Test
    void anUpdateIsPutBeforeAnAnswerThatWouldExceedTheFrames() {
        assertThat(relay.receive(question())).isInstanceOf(Received.Delivered.class);
        for (int i = 0; i < 8; i++) {
            assertThat(client.receive(only(answer()))).isInstanceOf(Received.Delivered.class);
        }
        List<byte[]> frames = answer();
        assertThat(frames).hasSize(2);
        assertThat(client.receive(frames.get(0))).isEqualTo(new Received.KeyUpdated(1));
        assertThat(client.receive(frames.get(1))).isInstanceOf(Received.Delivered.class);
    }

    @Test
    void framesReceivedCountAsWell() {
        for (int i = 0; i < 8; i++) {
            relay.receive(question());
        }
        assertThat(relay.due()).hasSize(1);
    }

    @Test
    void aClientOnTheWayGetsFiveSecondsAndNotMore() {
        byte[] inFlight = question();
        byte[] late = question();
        client.receive(only(relay.updateKeys()));
        peers.advance(Duration.ofMillis(4_999));
        assertThat(relay.receive(inFlight)).isInstanceOf(Received.Delivered.class);
        assertThat(relay.receive(inFlight)).isEqualTo(new Received.Dropped(DropReason.DUPLICATE));
        peers.advance(Duration.ofMillis(1));
        assertThat(relay.receive(late)).isEqualTo(new Received.Dropped(DropReason.EPOCH_RETIRED));
    }

    @Test
    void severalUpdatesInARowKeepEachGrace() {
        byte[] underZero = question();
        List<byte[]> first = relay.updateKeys();
        List<byte[]> second = relay.updateKeys();
        assertThat(client.receive(only(first))).isEqualTo(new Received.KeyUpdated(1));
        byte[] underOne = question();
        assertThat(client.receive(only(second))).isEqualTo(new Received.KeyUpdated(2));
        assertThat(relay.receive(underZero)).isInstanceOf(Received.Delivered.class);
        assertThat(relay.receive(underOne)).isInstanceOf(Received.Delivered.class);
        assertThat(relay.receive(question())).isInstanceOf(Received.Delivered.class);
    }

    @Test
    void aReplayedUpdateChangesNothing() {
        byte[] update = only(relay.updateKeys());
        client.receive(update);
        assertThat(client.receive(update)).isEqualTo(new Received.Dropped(DropReason.DUPLICATE));
        assertThat(client.epoch()).isEqualTo(1);
        peers.advance(Duration.ofSeconds(5));
        assertThat(client.receive(update)).isEqualTo(new Received.Dropped(DropReason.EPOCH_RETIRED));
    }

    @Test
    void anUpdateThatOvertookAnotherIsNotTakenForIt() {
        // Two updates overtake each other: the later one cannot be read yet, and is not taken as the earlier one.
        byte[] first = only(relay.updateKeys());
        byte[] second = only(relay.updateKeys());
        assertThat(client.receive(second)).isEqualTo(new Received.Dropped(DropReason.UNKNOWN_EPOCH));
        assertThat(client.receive(first)).isEqualTo(new Received.KeyUpdated(1));
    }

    @Test
    void onlyTheRelayUpdatesKeys() {
        assertThatThrownBy(client::updateKeys).isInstanceOf(IllegalStateException.class);
        byte[] update = only(relay.updateKeys());
        byte[] turned = update.clone();
        turned[3] ^= 2;
        assertThat(relay.receive(turned)).isEqualTo(new Received.Dropped(DropReason.MALFORMED));
    }

    @Test
    void sequenceNumbersBeginAgainUnderNewKeys() {
        question();
        client.receive(only(relay.updateKeys()));
        ByteBuffer next = ByteBuffer.wrap(question());
        assertThat(next.getInt(20)).isEqualTo(1);
        assertThat(next.getLong(24)).isZero();
    }

    @Test
    void aClientWithoutUpdatesStopsAtTwiceTheFrames() {
        for (int i = 0; i < 16; i++) {
            question();
        }
        assertThatThrownBy(this::question)
                .isInstanceOfSatisfying(
                        SessionUnusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(SessionUnusable.Reason.FRAME_LIMIT));
    }

    @Test
    void framesBeyondTheLimitAreRefusedUnopened() {
        byte[] frame = question();
        ByteBuffer.wrap(frame).putLong(24, 16);
        assertThat(relay.receive(frame)).isEqualTo(new Received.Dropped(DropReason.FRAME_LIMIT));
    }

    @Test
    void epochsCommitToDifferentKeys() {
        byte[] before = relay.epochCommitment();
        relay.updateKeys();
        assertThat(relay.epochCommitment()).isNotEqualTo(before);
    }

    @Test
    void aClockSetBackDoesNotProlongAnEpochForEver() {
        peers.relayClock.advance(Duration.ofHours(-1));
        for (int i = 0; i < 8; i++) {
            relay.receive(question());
        }
        assertThat(relay.due()).hasSize(1);
    }

    @Test
    void aClockSetBackLeavesNoEpochMoreThanItsGrace() {
        byte[] underZero = question();
        byte[] lateUnderZero = question();
        client.receive(only(relay.updateKeys()));
        peers.relayClock.advance(Duration.ofHours(-1));
        assertThat(relay.receive(underZero)).isInstanceOf(Received.Delivered.class);
        peers.relayClock.advance(Duration.ofSeconds(5));
        assertThat(relay.receive(lateUnderZero)).isEqualTo(new Received.Dropped(DropReason.EPOCH_RETIRED));
    }

    /// The one in front began by the clock of before.
    @Test
    void aClockSetBackBetweenTwoUpdatesKeepsTheKeysOfNeither() {
        byte[] underZero = question();
        relay.receive(underZero);
        client.receive(only(relay.updateKeys()));
        byte[] underOne = question();
        byte[] lateUnderOne = question();
        peers.relayClock.advance(Duration.ofHours(-1));
        client.receive(only(relay.updateKeys()));
        peers.relayClock.advance(Duration.ofMillis(4_999));
        assertThat(relay.receive(underOne)).isInstanceOf(Received.Delivered.class);
        peers.relayClock.advance(Duration.ofMillis(1));
        assertThat(relay.receive(lateUnderOne)).isEqualTo(new Received.Dropped(DropReason.EPOCH_RETIRED));
        assertThat(relay.receive(underZero)).isEqualTo(new Received.Dropped(DropReason.EPOCH_RETIRED));
    }

    /// By some milliseconds, as a clock is corrected.
    @Test
    void aClockSetBackALittleTakesNoGraceAway() {
        byte[] before = question();
        byte[] inFlight = question();
        relay.receive(before);
        client.receive(only(relay.updateKeys()));
        peers.relayClock.advance(Duration.ofMillis(-20));
        assertThat(relay.receive(before)).isEqualTo(new Received.Dropped(DropReason.DUPLICATE));
        peers.relayClock.advance(Duration.ofMillis(4_999));
        assertThat(relay.receive(inFlight)).isInstanceOf(Received.Delivered.class);
    }

    private byte[] question() {
        return only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
    }

    private List<byte[]> answer() {
        return relay.seal(stream, HELLO, ContentType.JSON, Chunk.MORE);
    }

    private static byte[] only(List<byte[]> frames) {
        assertThat(frames).hasSize(1);
        return frames.getFirst();
    }
}

package dev.postern.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedSessionTest {
    private static final byte[] HELLO = "{\"op\":\"/v1/models\"}".getBytes(UTF_8);

    private final TestPeers peers = new TestPeers(Suite.X_WING, Suite.X25519);
    private final TestPeers.SessionPair pair = peers.session();
    private final SealedSession client = pair.client();
    private final SealedSession relay = pair.relay();

    @ParameterizedTest
    @EnumSource
    void aQuestionAndItsAnswerArrive(Suite suite) {
        TestPeers.SessionPair ends = peers.session(suite, peers.terms());
        int stream = ends.client().openStream();
        byte[] question = only(ends.client().seal(stream, HELLO, ContentType.JSON, Chunk.LAST));
        Received.Delivered asked = delivered(ends.relay(), question);
        assertThat(asked.content()).isEqualTo(HELLO);
        assertThat(asked.type()).isEqualTo(ContentType.JSON);
        assertThat(asked.stream()).isEqualTo(stream);
        assertThat(asked.fin()).isTrue();

        byte[] answer = "{\"data\":[]}".getBytes(UTF_8);
        Received.Delivered answered =
                delivered(ends.client(), only(ends.relay().seal(stream, answer, ContentType.JSON, Chunk.LAST)));
        assertThat(answered.content()).isEqualTo(answer);
        assertThat(answered.stream()).isEqualTo(stream);
        assertThat(ends.client().openStreams()).isZero();
        assertThat(ends.relay().openStreams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 254, 255, 256, 16_382, 16_383, 16_384, 16_385, 32_766, 32_767, 100_000})
    void anyLengthComesBackWhole(int length) throws ContentTooLarge {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 7);
        MessageAssembler assembler = new MessageAssembler(100_000);
        int stream = client.openStream();
        List<byte[]> frames = client.seal(stream, content, ContentType.JSON, Chunk.LAST);
        assertThat(frames).hasSize(Math.max(1, (length + 16_382) / 16_383));
        for (int i = 0; i < frames.size(); i++) {
            var message = assembler.add(delivered(relay, frames.get(i)));
            assertThat(message.isPresent()).isEqualTo(i == frames.size() - 1);
            message.ifPresent(whole -> {
                assertThat(whole.content()).isEqualTo(content);
                assertThat(whole.type()).isEqualTo(ContentType.JSON);
                assertThat(whole.last()).isTrue();
            });
        }
    }

    @Test
    void eventsOfAStreamComeOneByOneAndEndEmpty() throws ContentTooLarge {
        int stream = ask();
        MessageAssembler assembler = new MessageAssembler(100_000);
        byte[] longEvent = "x".repeat(40_000).getBytes(UTF_8);
        int messages = 0;
        for (byte[] event : List.of(HELLO, longEvent, HELLO)) {
            for (byte[] frame : relay.seal(stream, event, ContentType.JSON, Chunk.MORE)) {
                var message = assembler.add(delivered(client, frame));
                if (message.isPresent()) {
                    assertThat(message.get().content()).isEqualTo(event);
                    assertThat(message.get().last()).isFalse();
                    messages++;
                }
            }
        }
        assertThat(messages).isEqualTo(3);
        var end = assembler.add(delivered(client, only(relay.seal(stream, new byte[0], ContentType.JSON, Chunk.LAST))));
        assertThat(end.orElseThrow().last()).isTrue();
        assertThat(end.orElseThrow().content()).isEmpty();
    }

    @Test
    void aMessageOverTheLimitIsRefusedBeforeItIsHeld() {
        MessageAssembler assembler = new MessageAssembler(20_000);
        int stream = client.openStream();
        List<byte[]> frames = client.seal(stream, new byte[40_000], ContentType.JSON, Chunk.LAST);
        assertThatThrownBy(() -> {
                    for (byte[] frame : frames) {
                        assembler.add(delivered(relay, frame));
                    }
                })
                .isInstanceOf(ContentTooLarge.class);
    }

    @Test
    void everyHeaderBitIsAuthenticated() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        for (int bit = 0; bit < 8 * FrameHeader.LENGTH; bit++) {
            assertThat(relay.receive(flipped(frame, bit))).as("bit %d", bit).isInstanceOf(Received.Dropped.class);
        }
        assertThat(delivered(relay, frame).content()).isEqualTo(HELLO);
    }

    @Test
    void everyCiphertextBitIsAuthenticated() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        for (int bit = 8 * FrameHeader.LENGTH; bit < 8 * frame.length; bit++) {
            dropped(relay, flipped(frame, bit), DropReason.BAD_TAG);
        }
        assertThat(delivered(relay, frame).content()).isEqualTo(HELLO);
    }

    @Test
    void aForgedNumberDoesNotMoveTheWindow() {
        int stream = client.openStream();
        byte[] first = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        byte[] forged = first.clone();
        ByteBuffer.wrap(forged).putLong(24, 100_000);
        dropped(relay, forged, DropReason.BAD_TAG);
        // Had the window been marked before the tag verified, both of these would be lost.
        assertThat(delivered(relay, first).seq()).isZero();
        assertThat(delivered(relay, only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST)))
                        .seq())
                .isEqualTo(1);
    }

    @Test
    void aReplayIsRefusedAndTheSessionLivesOn() {
        int stream = client.openStream();
        byte[] frame = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        delivered(relay, frame);
        for (int i = 0; i < 3; i++) {
            dropped(relay, frame, DropReason.DUPLICATE);
        }
        delivered(relay, only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST)));
    }

    @Test
    void framesOfDifferentStreamsMayOvertakeEachOther() {
        int one = client.openStream();
        int two = client.openStream();
        delivered(relay, only(client.seal(one, HELLO, ContentType.JSON, Chunk.MORE)));
        delivered(relay, only(client.seal(two, HELLO, ContentType.JSON, Chunk.MORE)));
        byte[] earlier = only(client.seal(one, HELLO, ContentType.JSON, Chunk.LAST));
        byte[] later = only(client.seal(two, HELLO, ContentType.JSON, Chunk.LAST));
        assertThat(delivered(relay, later).stream()).isEqualTo(two);
        assertThat(delivered(relay, earlier).stream()).isEqualTo(one);
    }

    @Test
    void whatFellOutOfTheWindowIsTooOld() {
        SessionTerms narrow = new SessionTerms(
                peers.terms().expires(), EpochLimits.DEFAULT, 64, 16, Duration.ofSeconds(60), Duration.ofMinutes(1));
        TestPeers.SessionPair ends = peers.session(narrow);
        int one = ends.client().openStream();
        int two = ends.client().openStream();
        delivered(ends.relay(), only(ends.client().seal(one, HELLO, ContentType.JSON, Chunk.MORE)));
        byte[] held = only(ends.client().seal(one, HELLO, ContentType.JSON, Chunk.LAST));
        for (int i = 0; i < 64; i++) {
            delivered(ends.relay(), only(ends.client().seal(two, HELLO, ContentType.JSON, Chunk.MORE)));
        }
        dropped(ends.relay(), held, DropReason.TOO_OLD);
    }

    @Test
    void aReflectedFrameIsRefused() {
        byte[] question = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        dropped(client, question, DropReason.REFLECTED);
        // With the direction bit turned it is no frame of the relay's either.
        byte[] turned = question.clone();
        turned[3] ^= 2;
        dropped(client, turned, DropReason.BAD_TAG);
    }

    @Test
    void aChunkMovedToAnotherStreamIsRefused() {
        int one = client.openStream();
        int two = client.openStream();
        byte[] frame = only(client.seal(one, HELLO, ContentType.JSON, Chunk.LAST));
        byte[] moved = frame.clone();
        ByteBuffer.wrap(moved).putInt(32, two);
        dropped(relay, moved, DropReason.BAD_TAG);
    }

    @Test
    void aFrameOfAnotherSessionIsRefused() {
        TestPeers.SessionPair other = peers.session();
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        dropped(other.relay(), frame, DropReason.UNKNOWN_SESSION);
        byte[] renamed = frame.clone();
        ByteBuffer out = ByteBuffer.wrap(renamed).position(4);
        other.relay().id().write(out);
        dropped(other.relay(), renamed, DropReason.BAD_TAG);
    }

    @Test
    void aFrameMovedToAnotherEpochIsRefused() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        byte[] next = frame.clone();
        ByteBuffer.wrap(next).putInt(20, 1);
        dropped(relay, next, DropReason.UNKNOWN_EPOCH);
        relay.updateKeys();
        dropped(relay, next, DropReason.BAD_TAG);
        assertThat(delivered(relay, frame).epoch()).isZero();
    }

    @Test
    void aChunkThatIsNotTheNextIsRefused() {
        int stream = client.openStream();
        byte[] first = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        byte[] second = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST));
        dropped(relay, second, DropReason.BAD_INDEX);
        delivered(relay, first);
        assertThat(relay.unfinishedStreams()).containsExactly(stream);
    }

    @Test
    void aChunkAfterALostOneIsRefused() {
        int stream = client.openStream();
        delivered(relay, only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE)));
        client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE);
        byte[] third = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST));
        dropped(relay, third, DropReason.BAD_INDEX);
        assertThat(relay.unfinishedStreams()).containsExactly(stream);
    }

    @Test
    void nothingFollowsAFinAndNumbersOnlyRise() {
        int one = client.openStream();
        int two = client.openStream();
        byte[] late = only(client.seal(one, HELLO, ContentType.JSON, Chunk.LAST));
        delivered(relay, only(client.seal(two, HELLO, ContentType.JSON, Chunk.LAST)));
        dropped(relay, late, DropReason.STREAM_ENDED);
        assertThatThrownBy(() -> client.seal(one, HELLO, ContentType.JSON, Chunk.LAST))
                .isInstanceOfSatisfying(
                        SessionUnusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(SessionUnusable.Reason.STREAM_ENDED));
    }

    @Test
    void noMoreStreamsAreHeldThanGranted() {
        SessionTerms two = new SessionTerms(
                peers.terms().expires(), EpochLimits.DEFAULT, 1024, 2, Duration.ofSeconds(60), Duration.ofMinutes(1));
        SealedSession granted = peers.session(two).client();
        granted.openStream();
        granted.openStream();
        assertThatThrownBy(granted::openStream)
                .isInstanceOfSatisfying(
                        SessionUnusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(SessionUnusable.Reason.STREAM_LIMIT));

        StreamTable table = new StreamTable(Role.RELAY, 2);
        assertThat(table.receive(1, 0, Chunk.MORE)).isNull();
        assertThat(table.receive(2, 0, Chunk.MORE)).isNull();
        assertThat(table.receive(3, 0, Chunk.MORE)).isEqualTo(DropReason.STREAM_LIMIT);
    }

    @Test
    void aClientIsNotAnsweredWhatItNeverAsked() {
        StreamTable table = new StreamTable(Role.CLIENT, 2);
        assertThat(table.receive(1, 0, Chunk.MORE)).isEqualTo(DropReason.UNKNOWN_STREAM);
    }

    @Test
    void aMissingFinIsTruncation() {
        int stream = ask();
        delivered(client, only(relay.seal(stream, HELLO, ContentType.JSON, Chunk.MORE)));
        assertThat(client.unfinishedStreams()).containsExactly(stream);

        Received.Closed closed = (Received.Closed) client.receive(only(relay.sealClose("shutdown")));
        assertThat(closed.complete()).isFalse();
        assertThat(closed.truncated()).containsExactly(stream);
    }

    @Test
    void framesThatNeverArrivedAreMissedAtTheClose() {
        int stream = ask();
        relay.seal(stream, HELLO, ContentType.JSON, Chunk.MORE);
        relay.seal(stream, HELLO, ContentType.JSON, Chunk.LAST);
        Received.Closed closed = (Received.Closed) client.receive(only(relay.sealClose("done")));
        assertThat(closed.missingFrames()).isEqualTo(2);
        assertThat(closed.complete()).isFalse();
    }

    @Test
    void aSessionClosedInGoodOrderIsComplete() {
        int stream = ask();
        delivered(client, only(relay.seal(stream, HELLO, ContentType.JSON, Chunk.LAST)));
        Received.Closed closed = (Received.Closed) relay.receive(only(client.sealClose("done")));
        assertThat(closed).isEqualTo(new Received.Closed("done", List.of(), 0));
        assertThat(closed.complete()).isTrue();
        assertThat(relay.lifetime()).isEqualTo(Lifetime.CLOSED);
        assertThat(client.sealClose("again")).isEmpty();
    }

    @Test
    void aClosedSessionNeitherOpensNorSeals() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        relay.close();
        dropped(relay, frame, DropReason.CLOSED);
        assertThatThrownBy(relay::updateKeys).isInstanceOf(SessionUnusable.class);
        client.close();
        assertThatThrownBy(client::openStream).isInstanceOf(SessionUnusable.class);
        assertThat(relay.due()).isEmpty();
    }

    @Test
    void aRefusalCarriesItsCodeAndEndsTheStream() {
        int stream = ask();
        StreamProblem problem = new StreamProblem("unknown-model", 404, "No such model.");
        Received received = client.receive(only(relay.sealError(stream, problem)));
        assertThat(received).isEqualTo(new Received.StreamError(stream, problem));
        assertThat(client.openStreams()).isZero();
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void aCancellationReachesTheRelayAfterTheQuestionsFin() {
        int stream = ask();
        byte[] onItsWay = only(relay.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        byte[] cancel = only(client.sealError(stream, StreamProblem.CANCELLED));
        assertThat(relay.receive(cancel)).isEqualTo(new Received.StreamError(stream, StreamProblem.CANCELLED));
        dropped(client, onItsWay, DropReason.STREAM_ENDED);
        assertThatThrownBy(() -> relay.seal(stream, HELLO, ContentType.JSON, Chunk.LAST))
                .isInstanceOfSatisfying(
                        SessionUnusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(SessionUnusable.Reason.STREAM_ENDED));
    }

    @Test
    void onlyARelaySaysThatTheSessionAsAWholeIsInError() {
        byte[] problem = StreamProblem.CANCELLED.toJson();
        byte[] input = new byte[FrameHeader.LENGTH + 256];
        input[1] = (byte) FrameType.ERROR.code();
        input[3] = 4;
        System.arraycopy(problem, 0, input, FrameHeader.LENGTH, problem.length);
        input[FrameHeader.LENGTH + problem.length] = ContentType.PROBLEM.code();
        assertThat(FuzzTarget.Peer.end(Role.CLIENT).receive(FuzzTarget.Peer.sealed(Role.RELAY, input)))
                .isEqualTo(new Received.StreamError(0, StreamProblem.CANCELLED));
        dropped(FuzzTarget.Peer.end(Role.RELAY), FuzzTarget.Peer.sealed(Role.CLIENT, input), DropReason.MALFORMED);
    }

    @Test
    void aRevokedSessionDeliversNothingMore() {
        int stream = client.openStream();
        delivered(relay, only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE)));
        relay.revoke();
        byte[] after = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST));
        dropped(relay, after, DropReason.REVOKED);
        dropped(relay, after, DropReason.DUPLICATE);
    }

    @Test
    void aHalfOpenSessionLivesFiveSeconds() {
        assertThat(relay.lifetime()).isEqualTo(Lifetime.LIVE);
        peers.advance(Duration.ofSeconds(5));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.NEVER_CONFIRMED);
        assertThat(client.lifetime()).isEqualTo(Lifetime.LIVE);
        ask();
        assertThat(relay.lifetime()).isEqualTo(Lifetime.LIVE);
    }

    @Test
    void aForgedFrameDoesNotConfirmASession() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        relay.receive(flipped(frame, 8 * frame.length - 1));
        peers.advance(Duration.ofSeconds(5));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.NEVER_CONFIRMED);
    }

    @Test
    void aSessionWithoutStreamsGoesIdle() {
        int stream = ask();
        peers.advance(Duration.ofSeconds(90));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.LIVE);
        // A key update that was due, and the answer.
        relay.seal(stream, HELLO, ContentType.JSON, Chunk.LAST).forEach(client::receive);
        assertThat(client.openStreams()).isZero();
        peers.advance(Duration.ofSeconds(59));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.LIVE);
        peers.advance(Duration.ofSeconds(1));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.IDLE);
    }

    @Test
    void anExpiredSessionSealsNothingButItsClose() {
        int stream = ask();
        peers.advance(Duration.ofMinutes(15));
        assertThat(relay.lifetime()).isEqualTo(Lifetime.EXPIRED);
        assertThatThrownBy(() -> relay.seal(stream, HELLO, ContentType.JSON, Chunk.LAST))
                .isInstanceOfSatisfying(
                        SessionUnusable.class,
                        unusable -> assertThat(unusable.reason()).isEqualTo(SessionUnusable.Reason.EXPIRED));
        assertThat(client.receive(only(relay.sealClose("expired")))).isInstanceOf(Received.Closed.class);
    }

    @Test
    void noNonceIsUsedTwice() {
        Set<Long> seen = new HashSet<>();
        int one = client.openStream();
        int two = client.openStream();
        for (List<byte[]> frames : List.of(
                client.seal(one, new byte[50_000], ContentType.BYTES, Chunk.MORE),
                client.seal(two, HELLO, ContentType.JSON, Chunk.MORE),
                client.sealError(one, StreamProblem.CANCELLED),
                client.sealClose("done"))) {
            frames.forEach(frame ->
                    assertThat(seen.add(ByteBuffer.wrap(frame).getLong(24))).isTrue());
        }
        assertThat(seen).hasSize(7).allMatch(seq -> seq < 7);
    }

    @Test
    void theSameContentNeverLooksTheSame() {
        int stream = client.openStream();
        byte[] first = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        byte[] second = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.MORE));
        assertThat(Arrays.copyOfRange(first, FrameHeader.LENGTH, first.length))
                .isNotEqualTo(Arrays.copyOfRange(second, FrameHeader.LENGTH, second.length));
    }

    @Test
    void lengthsTellABucketAndNoMore() {
        int stream = client.openStream();
        Set<Integer> lengths = new HashSet<>();
        for (int length = 0; length <= 16_383; length += 127) {
            lengths.add(only(client.seal(stream, new byte[length], ContentType.BYTES, Chunk.MORE)).length);
        }
        assertThat(lengths)
                .containsExactlyInAnyOrder(60 + 256, 60 + 512, 60 + 1024, 60 + 2048, 60 + 4096, 60 + 8192, 60 + 16_384);
    }

    @Test
    void aReconnectIsNoResumption() {
        int stream = client.openStream();
        byte[] frame = only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST));
        delivered(relay, frame);
        relay.close();
        // The same two ends meet again: another session, other keys, nothing carried over.
        TestPeers.SessionPair again = peers.session();
        assertThat(again.relay().id()).isNotEqualTo(relay.id());
        assertThat(again.relay().epochCommitment()).isNotEqualTo(relay.epochCommitment());
        dropped(again.relay(), frame, DropReason.UNKNOWN_SESSION);
    }

    @Test
    void aDirectBufferIsReadInPlace() {
        byte[] frame = only(client.seal(client.openStream(), HELLO, ContentType.JSON, Chunk.LAST));
        ByteBuffer direct = ByteBuffer.allocateDirect(frame.length + 7).position(7);
        direct.put(frame).flip().position(7);
        assertThat(relay.receive(direct)).isInstanceOf(Received.Delivered.class);
        assertThat(direct.position()).isEqualTo(7);
    }

    private int ask() {
        int stream = client.openStream();
        delivered(relay, only(client.seal(stream, HELLO, ContentType.JSON, Chunk.LAST)));
        return stream;
    }

    private static byte[] flipped(byte[] frame, int bit) {
        byte[] altered = frame.clone();
        altered[bit / 8] ^= (byte) (1 << (bit % 8));
        return altered;
    }

    private static byte[] only(List<byte[]> frames) {
        assertThat(frames).hasSize(1);
        return frames.getFirst();
    }

    private static Received.Delivered delivered(SealedSession session, byte[] frame) {
        Received received = session.receive(frame);
        assertThat(received).isInstanceOf(Received.Delivered.class);
        return (Received.Delivered) received;
    }

    private static void dropped(SealedSession session, byte[] frame, DropReason reason) {
        assertThat(session.receive(frame)).isEqualTo(new Received.Dropped(reason));
    }
}

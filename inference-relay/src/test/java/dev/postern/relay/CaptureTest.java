package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.FrameRejected;
import dev.postern.audit.SessionOpened;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Somebody in between has recorded a whole session and plays it again: to the replica it was for, to others, and to
/// the same one after a restart. All of them share one Redis.
class CaptureTest extends RelayFixture {
    private static final int REQUESTS = 3;
    private static final int REPLAYERS = 4;

    /// All of a session that went over the wire, OPEN and ACCEPT first, when it is over.
    private record Capture(List<byte[]> toRelay, List<byte[]> toClient) {
        private List<byte[]> all() {
            return Stream.concat(toRelay.stream(), toClient.stream()).toList();
        }
    }

    private static Capture capture(RelayRig rig) throws Exception {
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> received;
        try (SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            sent.add(open);
            client.connect();
            client.send(open);
            client.accept();
            for (int i = 0; i < REQUESTS; i++) {
                int stream = client.session().openStream();
                byte[] request = Requests.chat(rig.clock, "echo").getBytes(StandardCharsets.UTF_8);
                for (byte[] frame : client.session().seal(stream, request, ContentType.JSON, Chunk.LAST)) {
                    sent.add(frame);
                    client.send(frame);
                }
                assertThat(client.answer(stream).problem()).isNull();
            }
            received = client.received();
        }
        assertThat(rig.upstream.seen()).hasSize(REQUESTS);
        assertThat(received).as("ACCEPT and answers").hasSizeGreaterThan(REQUESTS);
        return new Capture(sent, received);
    }

    /// Each message, of either direction, on a connection of its own, then all of them in a session of somebody who may
    /// be here.
    private static void assertNothingIsAccepted(RelayRig rig, Capture capture, String refusalOfOpen) throws Exception {
        int before = rig.upstream.seen().size();
        int opened = rig.audited(SessionOpened.class).size();
        List<byte[]> all = capture.all();
        for (int i = 0; i < all.size(); i++) {
            try (SealedClient replayer = new SealedClient(rig)) {
                replayer.connect();
                replayer.send(all.get(i));
                assertThat(replayer.closed()).isEqualTo(i == 0 ? refusalOfOpen : "4401 open-rejected");
            }
        }
        assertThat(rig.audited(SessionOpened.class)).hasSize(opened);
        try (SealedClient insider = SealedClient.open(rig)) {
            for (byte[] message : all) {
                insider.send(message);
            }
            assertThat(insider.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
        assertThat(rig.upstream.seen()).as("the insider's own request").hasSize(before + 1);
        assertThat(rig.audited(FrameRejected.class)).hasSize(all.size());
    }

    /// The keys are there, and the frames are genuine: only their direction is wrong.
    @Test
    void whatARelaySaidIsWorthNothingInTheSessionItWasSaidIn() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            List<byte[]> answers =
                    client.received().subList(1, client.received().size());
            for (byte[] answer : answers) {
                client.send(answer);
            }
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(rig.audited(FrameRejected.class))
                    .hasSameSizeAs(answers)
                    .extracting(FrameRejected::reason)
                    .containsOnly("reflected");
        }
        assertThat(rig.upstream.seen()).hasSize(2);
    }

    @Test
    void aCaptureIsWorthNothingWhereItWasMade() throws Exception {
        assertNothingIsAccepted(rig, capture(rig), "4409 open-replayed");
    }

    @Test
    void aCaptureIsWorthNothingAtAnotherReplica() throws Exception {
        Capture capture = capture(rig);
        try (RelayRig other = new RelayRig(redis, directory)) {
            assertNothingIsAccepted(other, capture, "4422 key-config");
        }
    }

    @Test
    void aCaptureIsWorthNothingAfterARestart() throws Exception {
        Capture capture = capture(rig);
        rig.close();
        rig = relay();
        assertNothingIsAccepted(rig, capture, "4422 key-config");
    }

    @Test
    void anOpenSentToManyReplicasAtOnceIsAcceptedOnce() throws Exception {
        List<SealedClient> replayers = new ArrayList<>();
        try (RelayRig second = new RelayRig(redis, directory);
                RelayRig third = new RelayRig(redis, directory);
                SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            for (RelayRig replica : List.of(rig, second, third)) {
                for (int i = 0; i < REPLAYERS; i++) {
                    SealedClient replayer = new SealedClient(replica);
                    replayers.add(replayer);
                    replayer.connect();
                }
            }
            for (SealedClient replayer : replayers) {
                replayer.send(open);
            }
            Awaitility.await()
                    .until(() -> replayers.stream().filter(SealedClient::isOpen).count() == 1);
            assertThat(List.of(rig, second, third))
                    .flatExtracting(replica -> replica.audited(SessionOpened.class))
                    .hasSize(1);
            assertThat(replayers.stream().filter(SealedClient::isOpen).findFirst())
                    .as("at the replica it was for")
                    .isPresent()
                    .get()
                    .isIn(replayers.subList(0, REPLAYERS));
        } finally {
            replayers.forEach(SealedClient::close);
        }
    }
}

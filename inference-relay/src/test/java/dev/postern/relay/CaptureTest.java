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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Somebody in between has recorded a whole session and plays it again: to the replica it was for, to others, and to
/// the same one after a restart. All of them share one Redis.
class CaptureTest extends RelayFixture {
    private static final int REQUESTS = 3;
    private static final int REPLAYERS = 4;

    /// Everything a client sent, OPEN first, when its session is over.
    private static List<byte[]> capture(RelayRig rig) throws Exception {
        List<byte[]> sent = new ArrayList<>();
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
        }
        assertThat(rig.upstream.seen()).hasSize(REQUESTS);
        return sent;
    }

    /// Each message on a connection of its own, then all of the frames in a session of somebody who may be here.
    private static void assertNothingIsAccepted(RelayRig rig, List<byte[]> sent, String refusalOfOpen)
            throws Exception {
        int before = rig.upstream.seen().size();
        int opened = rig.audited(SessionOpened.class).size();
        for (int i = 0; i < sent.size(); i++) {
            try (SealedClient replayer = new SealedClient(rig)) {
                replayer.connect();
                replayer.send(sent.get(i));
                assertThat(replayer.closed()).isEqualTo(i == 0 ? refusalOfOpen : "4401 open-rejected");
            }
        }
        assertThat(rig.audited(SessionOpened.class)).hasSize(opened);
        try (SealedClient insider = SealedClient.open(rig)) {
            for (byte[] message : sent) {
                insider.send(message);
            }
            assertThat(insider.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
        assertThat(rig.upstream.seen()).as("the insider's own request").hasSize(before + 1);
        assertThat(rig.audited(FrameRejected.class)).hasSize(sent.size());
    }

    @Test
    void aCaptureIsWorthNothingWhereItWasMade() throws Exception {
        assertNothingIsAccepted(rig, capture(rig), "4409 open-replayed");
    }

    @Test
    void aCaptureIsWorthNothingAtAnotherReplica() throws Exception {
        List<byte[]> sent = capture(rig);
        try (RelayRig other = new RelayRig(redis, directory)) {
            assertNothingIsAccepted(other, sent, "4422 key-config");
        }
    }

    @Test
    void aCaptureIsWorthNothingAfterARestart() throws Exception {
        List<byte[]> sent = capture(rig);
        rig.close();
        rig = relay();
        assertNothingIsAccepted(rig, sent, "4422 key-config");
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

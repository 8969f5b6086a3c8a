package dev.postern.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.RequestRejected;
import dev.postern.audit.RequestServed;
import dev.postern.relay.admission.Admitted;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.relay.session.RelaySession;
import dev.postern.relay.session.SessionChannel;
import dev.postern.session.Chunk;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.StreamProblem;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A session on a connection that takes data when the test says so. Several frames that the test gives at once arrive
/// in one turn of the event loop, before Redis can have answered for any of them.
@SuppressWarnings("NullAway.Init")
class RelaySessionTest extends RelayFixture {
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final Connection connection = new Connection();
    private SealedSession client;
    private RelaySession session;

    @BeforeEach
    void open() throws Exception {
        try (SealedClient opener = new SealedClient(rig)) {
            ClientHandshake handshake = opener.handshake(Order.delegate(opener.thumbprint()));
            Admitted admitted = rig.admission
                    .admit(handshake.message(), RelayRig.DOMAIN.idOf("gateway-service"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            client = handshake.accept(admitted.accepted().message()).session();
            session = loop.submit(() -> rig.sessions.begin(admitted, loop, connection))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void end() throws Exception {
        loop.submit(session::connectionLost).get(10, TimeUnit.SECONDS);
        loop.shutdownNow();
    }

    @Test
    void anEchoWaitsUntilItsClientTakesData() throws Exception {
        connection.writable = false;
        int echo = client.openStream();
        int malformed = client.openStream();
        List<byte[]> frames = new ArrayList<>(request(echo, echo()));
        frames.addAll(request(malformed, "no request"));
        arrive(frames);

        assertThat(next()).isInstanceOf(Received.StreamError.class);
        assertThat(connection.written).as("the echo, which came first").isEmpty();
        assertThat(held()).isPositive();

        connection.writable = true;
        loop.submit(session::writable).get(10, TimeUnit.SECONDS);
        assertThat(next())
                .isInstanceOfSatisfying(
                        Received.Delivered.class,
                        chunk -> assertThat(chunk.stream()).isEqualTo(echo));
        Awaitility.await().until(() -> held() == 0);
    }

    @Test
    void whatIsCancelledBeforeItIsMarkedNeverBegins() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int stream = client.openStream();
            frames.addAll(request(stream, Requests.chat(rig.clock, "echo")));
            frames.addAll(client.sealError(stream, StreamProblem.CANCELLED));
        }
        int last = client.openStream();
        frames.addAll(request(last, echo()));
        arrive(frames);

        assertThat(next())
                .isInstanceOfSatisfying(
                        Received.Delivered.class,
                        chunk -> assertThat(chunk.stream()).isEqualTo(last));
        assertThat(rig.audited(RequestServed.class)).isEmpty();
        assertThat(rig.audited(RequestRejected.class)).isEmpty();
        Awaitility.await().until(() -> held() == 0);
    }

    @Test
    void whatStillComesOfARefusedRequestIsIgnored() throws Exception {
        int tooLarge = client.openStream();
        List<byte[]> frames = new ArrayList<>(request(tooLarge, "x".repeat(200_000)));
        int last = client.openStream();
        frames.addAll(request(last, echo()));
        arrive(frames);

        assertThat(next())
                .isInstanceOfSatisfying(
                        Received.StreamError.class,
                        error -> assertThat(error.stream()).isEqualTo(tooLarge));
        assertThat(next())
                .isInstanceOfSatisfying(
                        Received.Delivered.class,
                        chunk -> assertThat(chunk.stream()).isEqualTo(last));
        assertThat(rig.audited(RequestRejected.class)).hasSize(1);
        Awaitility.await().until(() -> held() == 0);
    }

    private String echo() {
        return Requests.request(rig.clock, "/ssp1/echo", "{}", Duration.ofMinutes(5));
    }

    private List<byte[]> request(int stream, String request) {
        return client.seal(stream, request.getBytes(UTF_8), ContentType.JSON, Chunk.LAST);
    }

    private void arrive(List<byte[]> frames) throws Exception {
        loop.submit(() -> frames.forEach(frame -> session.receive(ByteBuffer.wrap(frame))))
                .get(10, TimeUnit.SECONDS);
    }

    private Received next() throws Exception {
        byte[] frame = connection.written.poll(10, TimeUnit.SECONDS);
        assertThat(frame).isNotNull();
        return client.receive(frame);
    }

    private double held() {
        return rig.meters.get("postern.sessions.held").gauge().value();
    }

    private static final class Connection implements SessionChannel {
        private final BlockingQueue<byte[]> written = new LinkedBlockingQueue<>();
        private volatile boolean writable = true;

        @Override
        public void write(byte[] frame) {
            written.add(frame);
        }

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void close(int code, String reason) {}
    }
}

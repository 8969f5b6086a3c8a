package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.RequestServed;
import dev.postern.audit.SessionClosed;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.SealedClient.Answer;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A relay that is shut down while it serves: this one takes up to five seconds for it.
@SuppressWarnings("NullAway.Init")
class DrainTest extends RelayFixture {
    private SealedClient client;

    @BeforeEach
    void open() throws Exception {
        client = SealedClient.open(rig);
    }

    private CompletableFuture<Void> stopping() {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(rig.server::stop);
        Awaitility.await().until(() -> !rig.server.isListening());
        return stopped;
    }

    @Test
    void whatIsUnderWayIsFinishedAndNothingNewIsBegun() throws Exception {
        int stream = client.ask(Requests.stream(rig.clock, "patient"));
        Awaitility.await().until(() -> !rig.upstream.seen().isEmpty());

        CompletableFuture<Void> stopped = stopping();
        // The listener is closed a moment before the sessions are told.
        Awaitility.await().until(() -> {
            Answer late = client.askAndAnswer(Requests.stream(rig.clock, "echo"));
            return late.problem() != null
                    && Objects.requireNonNull(late.problem()).code().equals("overloaded");
        });
        assertThat(stopped).isNotDone();
        assertThat(client.isOpen()).isTrue();
        rig.upstream.goOn();

        Answer answer = client.answer(stream);
        assertThat(answer.problem()).isNull();
        assertThat(answer.messages()).last().asString().contains("a whole");
        assertThat(client.closed()).isEqualTo("4410 session-unknown");
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(rig.audited(SessionClosed.class))
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("shutdown"));
    }

    @Test
    void whoseSessionIsStillBeingAdmittedIsToldSoToo() throws Exception {
        rig.mint.onFind(rig.sessions::drain);
        try (SealedClient late = SealedClient.open(rig)) {
            assertThat(late.closed()).isEqualTo("4410 session-unknown");
        }
        assertThat(client.closed()).isEqualTo("4410 session-unknown");
    }

    @Test
    void nobodyIsAdmittedAnyMore() throws Exception {
        rig.sessions.drain();
        try (SealedClient late = new SealedClient(rig)) {
            late.connect();
            late.send(late.offer(Order.delegate(late.thumbprint())));
            assertThat(late.closed()).isEqualTo("4429 limit");
        }
    }

    @Test
    void aRequestThatDoesNotGoOnArrivingIsNotWaitedForLongerThanEver() throws Exception {
        int stream = client.session().openStream();
        for (byte[] frame : client.session().seal(stream, new byte[100], ContentType.BYTES, Chunk.MORE)) {
            client.send(frame);
        }
        Awaitility.await()
                .until(() -> rig.meters.get("postern.sessions.held").gauge().value() > 0);
        rig.sessions.drain();
        rig.elapse(Duration.ofSeconds(31));
        assertThat(client.closed()).isEqualTo("4410 session-unknown");
    }

    @Test
    void whatIsNotFinishedInTimeIsEndedAndItsModelToldSo() throws Exception {
        client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);

        CompletableFuture<Void> stopped = stopping();

        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
        assertThat(client.closed()).isEqualTo("4410 session-unknown");
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(rig.audited(RequestServed.class))
                .singleElement()
                .satisfies(event -> assertThat(event.outcome()).isEqualTo("cancelled"));
    }
}

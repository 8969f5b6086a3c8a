package dev.postern.cli.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import dev.postern.simulator.http.LoopbackServer;
import dev.postern.simulator.model.Simulator;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LoopbackServer server;
    private HttpClient client;
    private ChatRequests requests;

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.start(0, new Simulator(MutableClock.atNoon(), Duration.ZERO));
        client = HttpClient.newHttpClient();
        requests = new ChatRequests(URI.create("http://127.0.0.1:" + server.port()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void streamWhenItEndsByItselfThenComplete() throws Exception {
        try (LiveStream stream = LiveStream.open(client, requests.streamed(ChatRequests.SMALL, "hello"))) {
            assertThat(stream.awaitEnd(PATIENCE)).isTrue();
            assertThat(stream.complete()).isTrue();
        }
    }

    @Test
    void streamWhenTheServerBreaksOffThenAliveBeforeAndNotCompleteAfter() throws Exception {
        try (LiveStream stream = LiveStream.open(client, requests.streamed(ChatRequests.SLOW, "long ".repeat(100)))) {
            assertThat(stream.awaitAlive(PATIENCE)).isTrue();
            long before = System.nanoTime();

            server.close();

            assertThat(stream.awaitEnd(PATIENCE)).isTrue();
            assertThat(stream.complete()).isFalse();
            assertThat(stream.endNanos()).isGreaterThan(before);
        }
    }

    @Test
    void openWhenRefusedThenFails() {
        assertThatThrownBy(() -> LiveStream.open(client, requests.streamed("no-such-model", "hello")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("404");
    }
}

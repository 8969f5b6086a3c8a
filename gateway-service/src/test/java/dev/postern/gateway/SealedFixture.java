package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.SealedClient.Offer;
import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.platform.TestFeed;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/// Clients that seal for themselves, at a gateway whose relay answers every request with one event and goes on as the
/// test says.
abstract class SealedFixture extends LimitedFixture {
    static final Duration SOON = Duration.ofSeconds(5);

    final TestFeed feed = PLATFORM.feed();
    final BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();

    @BeforeEach
    void echo() {
        limits();
        model(stream -> {
            stream.event("{\"n\":1}");
            streams.add(stream);
        });
    }

    @AfterEach
    void everythingIsTrustedAgain() {
        feed.reset();
        limits();
    }

    SealedClient open(String token) throws Exception {
        SealedClient sealed = new SealedClient(PLATFORM);
        Offer offer = sealed.offer(relays(token).getFirst());
        sealed.connect(client, address(offer.keyId()), "Bearer " + token);
        sealed.open(offer);
        return sealed;
    }

    List<JsonNode> relays(String token) throws Exception {
        HttpResponse<String> answer = send(to("/ssp1/key-config")
                .header("Authorization", "Bearer " + token)
                .GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return json(answer).path("relays").valueStream().toList();
    }

    /// The status that refuses an upgrade.
    int refusal(String authorization, String... protocols) throws Exception {
        return refusalOf("AAAAAAAAAAAAAAAAAAAAAA", authorization, protocols);
    }

    int refusalOf(String keyId, String authorization, String... protocols) throws Exception {
        try (SealedClient sealed = new SealedClient(PLATFORM)) {
            List<Integer> statuses = new ArrayList<>();
            assertThatThrownBy(() -> sealed.connect(client, address(keyId), authorization, protocols))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> statuses.add(refused.getResponse().statusCode()));
            return statuses.getFirst();
        }
    }

    URI address(String keyId) {
        return URI.create("wss://localhost:" + port + "/ssp1?key_id=" + keyId);
    }

    FakeStream next() throws Exception {
        FakeStream stream = streams.poll(10, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no request reached the relay");
        }
        return stream;
    }
}

package dev.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.chassis.peer.Door;
import dev.postern.gateway.platform.FakeRelay;
import dev.postern.gateway.platform.Platform;
import dev.postern.identity.PeerSighting;
import dev.postern.identity.WorkloadIdentity;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;

class PlatformHttpTest {
    private static final Platform PLATFORM = new Platform();
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Test
    void requestWhenPeerIsTheExpectedServiceThenItSeesOurCertificateAndAnswers() {
        // The relay requires a client certificate, so an answer proves that ours was shown.
        assertThat(get(PlatformHttp.requests(PLATFORM.gateway(), Door.SEALED_SESSIONS), PLATFORM.relayPort()))
                .isEqualTo(200);
    }

    @Test
    void requestWhenPeerIsAnotherServiceOfThePlatformThenHandshakeFails() {
        try (FakeRelay impostor = new FakeRelay(PLATFORM.identity("redaction-service"), PLATFORM.tokens())) {
            int port = impostor.start(0);
            HttpClient client = PlatformHttp.requests(PLATFORM.gateway(), Door.SEALED_SESSIONS);

            assertThatThrownBy(() -> get(client, port)).hasCauseInstanceOf(SSLException.class);
        }
    }

    @Test
    void requestWhenPeerIsOfAnotherAuthorityThenHandshakeFails() {
        Platform foreign = new Platform();
        HttpClient client = PlatformHttp.requests(PLATFORM.gateway(), Door.SEALED_SESSIONS);

        assertThatThrownBy(() -> get(client, foreign.relayPort())).hasCauseInstanceOf(SSLException.class);
    }

    @Test
    void requestWhenOurCertificateWasRenewedThenTheNextConnectionShowsTheNewOne() throws Exception {
        WorkloadIdentity ours = PLATFORM.identity("gateway-service");
        WorkloadIdentity relays = PLATFORM.identity("inference-relay");
        try (ours;
                relays;
                FakeRelay relay = new FakeRelay(relays, PLATFORM.tokens())) {
            int port = relay.start(0);
            HttpClient client = PlatformHttp.requests(ours, Door.SEALED_SESSIONS);
            for (int renewals = 0; renewals < 3; renewals++) {
                assertThat(get(client, port)).isEqualTo(200);
                assertThat(get(client, port)).isEqualTo(200);
                assertThat(relays.peers().get(ours.current().spiffeId()))
                        .extracting(PeerSighting::serial)
                        .isEqualTo(ours.current().leaf().getSerialNumber());
                var _ = ours.renewNow().get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Integer get(HttpClient client, int port) {
        return client.get()
                .uri("https://localhost:" + port + "/ssp1/key-config")
                .response()
                .map(response -> response.status().code())
                .blockOptional(WAIT)
                .orElseThrow();
    }
}

package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.audit.KeySuspected;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.Suspicion;
import dev.postern.chassis.keys.Trigger;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// A spare that signs, and a relay's spike of failures, where policy says that this is a compromise.
@TestPropertySource(
        properties = {
            "postern.rotation.compromise.triggers.unexpected-use=compromise",
            "postern.rotation.compromise.triggers.aead-failures=compromise"
        })
final class UnexpectedUseTest extends TriggersFixture {
    @Test
    void spareThatSignsIsCompromisedAndTheKeyInUseGoesOn() throws Exception {
        String active = keys.activeId();
        String spare = keys.spareId().orElseThrow();
        keys.show(spare);
        assertSuspected(spare, "unexpected-use", "compromise");
        overheard.events.clear();
        await().atMost(PATIENCE).until(() -> state(spare).equals("COMPROMISED") && !keys.isTrusted(spare));
        assertThat(state(active)).isEqualTo("ACTIVE");
        assertThat(keys.verifier.verify(keys.issue()).keyId()).isEqualTo(active);
        await().atMost(PATIENCE)
                .until(() -> keys.spareId().filter(id -> !id.equals(spare)).isPresent());
    }

    @Test
    void spikeOfFailuresCompromisesTheSetOfARelay() throws Exception {
        try (WorkloadIdentity relay = join("inference-relay");
                ServiceClient client = new ServiceClient(port, relay.sslContext());
                KeyReports reports = new KeyReports(
                                client.service(),
                                relay.httpClient(Door.KEY_REPORTS.server(relay), Duration.ofSeconds(3)),
                                Executors.newSingleThreadScheduledExecutor(),
                                System::nanoTime,
                                new SimpleMeterRegistry())
                        .start()) {
            String body = "{\"instance\":\"" + client.instance + "\"}";
            assertThat(client.put("/v1/keys/relay-hpke/relay-set-1", body).statusCode())
                    .isEqualTo(200);
            reports.suspect(
                    new Suspicion("relay-hpke", "relay-set-1", Trigger.AEAD_FAILURES),
                    Clock.systemUTC().instant(),
                    100);
            await().atMost(PATIENCE).until(() -> state("relay-set-1").equals("COMPROMISED"));
            assertThat(overheard.events)
                    .contains(new KeySuspected(
                            "relay-hpke",
                            "relay-set-1",
                            "aead-failures",
                            "compromise",
                            "spiffe://postern.local/service/inference-relay",
                            100));
            overheard.events.clear();
        }
    }
}

package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.SealedClient.Offer;
import dev.postern.gateway.platform.FakeRelay;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// Two relays behind one gateway: a session goes to the one that holds the key it is sealed to.
class KeyRoutingTest extends GatewayFixture {
    private static final FakeRelay OTHER = new FakeRelay(PLATFORM.identity("inference-relay"), PLATFORM.tokens());
    private static final int OTHER_PORT = OTHER.start(0);
    private static final Map<String, FakeRelay> RELAYS = Map.of("first", relay(), "other", OTHER);

    @DynamicPropertySource
    static void bothRelays(DynamicPropertyRegistry properties) {
        properties.add("postern.gateway.relay.endpoints[0]", () -> "https://localhost:" + PLATFORM.relayPort());
        properties.add("postern.gateway.relay.endpoints[1]", () -> "https://localhost:" + OTHER_PORT);
    }

    @AfterAll
    static void stop() {
        OTHER.close();
    }

    @Test
    void sessionWhenOpenedToAKeyThenAtTheRelayThatHoldsIt() throws Exception {
        RELAYS.forEach((name, relay) -> relay.model(stream -> stream.document("{\"relay\":\"" + name + "\"}")));
        List<JsonNode> offered = json(send(authorized("/ssp1/key-config").GET()))
                .path("relays")
                .valueStream()
                .toList();
        assertThat(offered).hasSize(2);
        Set<String> reached = new HashSet<>();
        for (JsonNode relay : offered) {
            // Whichever was used last: the key alone decides.
            String name = relayOf(relay);
            assertThat(relayOf(relay)).isEqualTo(name);
            reached.add(name);
        }
        assertThat(reached).containsExactlyInAnyOrderElementsOf(RELAYS.keySet());
    }

    /// Which relay got a session that was opened to this one's key: the one that answers in it, and no other.
    private String relayOf(JsonNode offered) throws Exception {
        int first = relay().sessionsOpened();
        int other = OTHER.sessionsOpened();
        try (SealedClient sealed = new SealedClient(PLATFORM)) {
            Offer offer = sealed.offer(offered);
            sealed.connect(
                    client,
                    URI.create("wss://localhost:" + port + "/ssp1?key_id=" + offer.keyId()),
                    "Bearer " + PLATFORM.tokens().good());
            sealed.open(offer);
            sealed.ask("{}");
            String name = sealed.heard().contains("first") ? "first" : "other";
            assertThat(relay().sessionsOpened() - first).isEqualTo(name.equals("first") ? 1 : 0);
            assertThat(OTHER.sessionsOpened() - other).isEqualTo(name.equals("other") ? 1 : 0);
            return name;
        }
    }
}

package dev.postern.gateway.relay;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.KeyConfigRejected;
import dev.postern.session.KeyConfigVerifier;
import java.net.URI;
import java.time.Clock;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Fetches the relays' key configs and picks one relay.
///
/// Guarantee: what comes out was signed by the relay's own identity; the connection it came over is not what is
/// trusted. Safe for any thread.
final class KeyConfigs {
    private static final int MAX_ANSWER = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final URI endpoint;
    private final WorkloadIdentity identity;
    private final Clock clock;
    private final RandomGenerator random;

    KeyConfigs(HttpClient http, URI relay, WorkloadIdentity identity, Clock clock, RandomGenerator random) {
        this.http = http;
        this.endpoint = relay.resolve("/ssp1/key-config");
        this.identity = identity;
        this.clock = clock;
        this.random = random;
    }

    /// One relay of those that offer themselves, or [RelayUnreachable].
    Mono<RelayOffer> fetch() {
        return http.get()
                .uri(endpoint)
                .response((response, content) -> response.status().code() == 200
                        ? BoundedContent.read(content, MAX_ANSWER)
                        : Mono.<byte[]>error(new RelayUnreachable("key-config-refused")))
                .single()
                .map(this::pick)
                .onErrorMap(RelayUnreachable::because);
    }

    private RelayOffer pick(byte[] answer) {
        try {
            JsonNode relays = JSON.readTree(answer).path("relays");
            if (!relays.isArray() || relays.isEmpty()) {
                throw new RelayUnreachable("no-relay-offered");
            }
            JsonNode relay = relays.path(random.nextInt(relays.size()));
            KeyConfigVerifier verifier = new KeyConfigVerifier(
                    identity.current().anchors(), PlatformPeer.RELAY.of(identity), RelayTokens.AUDIENCE, clock);
            return new RelayOffer(
                    verifier.verify(relay.path("key_config").asString("")),
                    relay.path("challenge").asString(""));
        } catch (JacksonException _) {
            throw new RelayUnreachable("key-config-malformed");
        } catch (KeyConfigRejected rejected) {
            throw new RelayUnreachable("key-config-" + rejected.reason());
        }
    }
}

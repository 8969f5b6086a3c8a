package dev.postern.gateway.relay;

import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.KeyConfigRejected;
import dev.postern.session.KeyConfigVerifier;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Fetches the key configs of all relays.
///
/// Guarantee: what comes out was signed by the relay's own identity; the connection it came over is not what is
/// trusted. Safe for any thread.
final class KeyConfigs {
    private static final int MAX_ANSWER = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final List<URI> endpoints;
    private final WorkloadIdentity identity;
    private final Clock clock;
    private final RandomGenerator random;

    KeyConfigs(HttpClient http, List<URI> endpoints, WorkloadIdentity identity, Clock clock, RandomGenerator random) {
        this.http = http;
        this.endpoints = List.copyOf(endpoints);
        this.identity = identity;
        this.clock = clock;
        this.random = random;
    }

    /// One relay of those that offer themselves, or [RelayUnreachable].
    Mono<RelayOffer> fetch() {
        return all().map(offers -> offers.get(random.nextInt(offers.size())));
    }

    /// What every relay offers that can be reached and is believed; when there is none, why the last one was not.
    Mono<List<RelayOffer>> all() {
        return Flux.fromIterable(endpoints)
                .flatMapDelayError(this::of, endpoints.size(), 1)
                .collectList()
                .onErrorMap(RelayUnreachable::because)
                .flatMap(offers ->
                        offers.isEmpty() ? Mono.error(new RelayUnreachable("no-relay-offered")) : Mono.just(offers));
    }

    private Mono<RelayOffer> of(URI endpoint) {
        Mono<RelayOffer> offer = http.get()
                .uri(endpoint.resolve("/ssp1/key-config"))
                .response((response, content) -> response.status().code() == 200
                        ? BoundedContent.read(content, MAX_ANSWER)
                        : Mono.<byte[]>error(new RelayUnreachable("key-config-refused")))
                .single()
                .map(answer -> pick(endpoint, answer));
        // A relay that is away is no reason not to use the others.
        return endpoints.size() == 1 ? offer : offer.onErrorComplete();
    }

    private RelayOffer pick(URI endpoint, byte[] answer) {
        try {
            List<JsonNode> relays = new ArrayList<>(
                    JSON.readTree(answer).path("relays").valueStream().toList());
            if (relays.isEmpty()) {
                throw new RelayUnreachable("no-relay-offered");
            }
            JsonNode relay = relays.get(random.nextInt(relays.size()));
            String signed = relay.path("key_config").asString("");
            KeyConfigVerifier verifier = new KeyConfigVerifier(
                    identity.current().anchors(), Door.SEALED_SESSIONS.server(identity), RelayTokens.AUDIENCE, clock);
            return new RelayOffer(
                    endpoint,
                    signed,
                    verifier.verify(signed),
                    relay.path("challenge").asString(""));
        } catch (JacksonException _) {
            throw new RelayUnreachable("key-config-malformed");
        } catch (KeyConfigRejected rejected) {
            throw new RelayUnreachable("key-config-" + rejected.reason());
        }
    }
}

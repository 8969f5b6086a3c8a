package dev.postern.cli.bench.sealed;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.sealed.PublishedRelay;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClaims;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Handshakes for many sessions of one client, on one pair of tokens and one key configuration.
///
/// @param keyId names the relay's key in the address of the WebSocket
/// @param gatewayToken for the gateway's eyes
record SealedOffers(String keyId, String gatewayToken, List<ClientHandshake> handshakes) {
    private static final int STREAMS = 64;

    SealedOffers {
        handshakes = List.copyOf(handshakes);
    }

    @Override
    public String toString() {
        return "SealedOffers[" + keyId + ", " + handshakes.size() + "]";
    }

    /// Fetches what is needed and begins `count` handshakes.
    ///
    /// @param from where the key configuration is fetched, by `http`
    static SealedOffers make(
            int count, URI from, PlatformHttp http, PlatformSettings settings, Clock clock, SecureRandom random)
            throws InterruptedException {
        ClientKeys client = new ClientKeys(settings.home(), "demo");
        ProofKey proofKey = client.proofKey(random);
        String gatewayToken;
        String relayToken;
        try (TokenClient tokens = new TokenClient(
                settings.ports().endpoint(PlatformService.TOKEN),
                PemIdentity.trusting(settings.home().caCertificate()),
                clock)) {
            gatewayToken = tokens.fetch(TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY));
            relayToken = tokens.fetch(
                    TokenRequest.of(client, "llm:invoke", TokenRequest.RELAY).boundTo(proofKey));
        }
        PublishedRelay relay = PublishedRelay.of(
                relay(from, http, gatewayToken),
                PemIdentity.certificates(settings.home().caCertificate()),
                clock);
        ClientOffer offer = relay.offer(
                new OpenParameters(TokenClaims.tenant(relayToken), "demo", List.of(), STREAMS, relayToken), proofKey);
        try {
            List<ClientHandshake> handshakes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                handshakes.add(ClientHandshake.start(offer, clock, random));
            }
            return new SealedOffers(relay.keyId(), gatewayToken, handshakes);
        } catch (HandshakeFailed e) {
            throw new Failure("The handshake with the relay failed: " + e.reason(), e);
        }
    }

    private static JsonNode relay(URI from, PlatformHttp http, String token) throws InterruptedException {
        HttpResponse<String> answer = http.send(
                PlatformHttp.request(from.resolve("/ssp1/key-config")).header("Authorization", "Bearer " + token));
        if (answer.statusCode() != 200) {
            throw new Failure(
                    "No key configuration: " + from.getAuthority() + " answered " + answer.statusCode() + ".");
        }
        return new JsonMapper().readTree(answer.body()).path("relays").path(0);
    }
}

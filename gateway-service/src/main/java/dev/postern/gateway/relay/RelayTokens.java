package dev.postern.gateway.relay;

import dev.postern.session.ProofKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gets the gateway's relay tokens from the token-service: client credentials by this service's TLS identity (RFC
/// 8705),
/// bound to a key that was made in this process (RFC 9449).
///
/// Every session gets a token of its own, so a session lives as long as a token can. Safe for any thread.
final class RelayTokens {
    static final String CLIENT_ID = "gateway-service";
    static final String AUDIENCE = "urn:postern:relay";

    private static final String SCOPE = "llm:delegate";
    private static final String DPOP = "DPoP";
    private static final String DPOP_NONCE = "DPoP-Nonce";
    private static final int MAX_ANSWER = 32 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final URI endpoint;
    private final ProofKey key;
    private final Clock clock;

    RelayTokens(HttpClient http, URI issuer, ProofKey key, Clock clock) {
        this.http = http;
        this.endpoint = issuer.resolve("/oauth2/token");
        this.key = key;
        this.clock = clock;
    }

    /// A new token, or [RelayUnreachable].
    Mono<RelayToken> request() {
        return Mono.defer(() -> request(Map.of())).onErrorMap(RelayUnreachable::because);
    }

    private Mono<RelayToken> request(Map<String, String> claims) {
        String proof = key.prove("POST", endpoint.toString(), clock.instant(), claims);
        return http.headers(headers -> headers.set(
                                HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED)
                        .set(DPOP, proof))
                .post()
                .uri(endpoint)
                .send(ByteBufFlux.fromString(Mono.just(form())))
                .response((response, content) ->
                        BoundedContent.read(content, MAX_ANSWER).flatMap(bytes -> answer(response, bytes, claims)))
                .single();
    }

    private Mono<RelayToken> answer(HttpClientResponse response, byte[] bytes, Map<String, String> claims) {
        if (response.status().code() == 200) {
            return Mono.fromSupplier(() -> token(bytes));
        }
        Optional<String> nonce = Optional.ofNullable(response.responseHeaders().get(DPOP_NONCE));
        // RFC 9449 section 8: the server may ask, once, for its nonce in the proof.
        if (nonce.isPresent() && claims.isEmpty()) {
            return request(Map.of("nonce", nonce.get()));
        }
        return Mono.error(new RelayUnreachable("token-refused"));
    }

    private static RelayToken token(byte[] bytes) {
        JsonNode answer;
        try {
            answer = JSON.readTree(bytes);
        } catch (JacksonException _) {
            throw new RelayUnreachable("token-unusable");
        }
        // A server that ignored the proof would answer with a plain bearer token.
        if (!DPOP.equalsIgnoreCase(answer.path("token_type").asString(""))) {
            throw new RelayUnreachable("token-not-bound");
        }
        return RelayToken.of(answer.path("access_token").asString(""));
    }

    private static String form() {
        Map<String, String> fields = Map.of(
                "grant_type", "client_credentials", "client_id", CLIENT_ID, "scope", SCOPE, "resource", AUDIENCE);
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}

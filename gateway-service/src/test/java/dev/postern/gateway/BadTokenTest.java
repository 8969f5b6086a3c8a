package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tokens that others' software was fooled by, over the wire: all are refused alike, and nothing reaches a relay.
class BadTokenTest extends GatewayFixture {
    private static final String HEADER = "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"key-1\"}";

    private final AtomicInteger reached = new AtomicInteger();

    @BeforeEach
    void countWhatReachesTheRelay() {
        model(stream -> {
            reached.incrementAndGet();
            stream.document("{}");
        });
    }

    @AfterEach
    void nothingReachedTheRelay() {
        assertThat(reached).hasValue(0);
    }

    static Stream<Arguments> badTokens() throws GeneralSecurityException {
        return Stream.of(
                bad("alg none", base64(header("\"alg\":\"none\"")) + "." + base64(claims("")) + "."),
                bad("alg none with a signature", raw(header("\"alg\":\"none\""), claims(""))),
                bad("alg of another case", raw(header("\"alg\":\"es256\""), claims(""))),
                bad("HMAC with the public key", hmac()),
                bad("crit", raw(header("\"alg\":\"ES256\",\"crit\":[\"exp\"]"), claims(""))),
                bad("jku", raw(header("\"alg\":\"ES256\",\"jku\":\"https://localhost:1/jwks\""), claims(""))),
                bad("x5u", raw(header("\"alg\":\"ES256\",\"x5u\":\"https://localhost:1/cert\""), claims(""))),
                bad("b64", raw(header("\"alg\":\"ES256\",\"b64\":false"), claims(""))),
                bad("no typ", raw("{\"alg\":\"ES256\",\"kid\":\"key-1\"}", claims(""))),
                bad("typ JWT", raw("{\"typ\":\"JWT\",\"alg\":\"ES256\",\"kid\":\"key-1\"}", claims(""))),
                bad("typ of a proof", raw("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"kid\":\"key-1\"}", claims(""))),
                bad("unknown kid", raw("{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"key-2\"}", claims(""))),
                bad("duplicate claim", raw(HEADER, claims("\"tenant\":\"other\","))),
                bad(
                        "duplicate header member",
                        raw("{\"typ\":\"at+jwt\",\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"key-1\"}", claims(""))),
                bad("nested deeply", raw(HEADER, claims("\"x\":" + "[".repeat(100) + "]".repeat(100) + ","))),
                bad("a token in a token", raw(HEADER, base64(PLATFORM.tokens().good()))),
                bad("actors without end", raw(HEADER, claims(actors()))),
                bad("oversized", raw(HEADER, claims("\"x\":\"" + "x".repeat(7_000) + "\","))),
                bad(
                        "a list of audiences",
                        signed(c -> c.audience(List.of("urn:postern:gateway", "urn:postern:relay")))),
                bad(
                        "not yet valid",
                        signed(c -> c.notBeforeTime(Date.from(Instant.now().plusSeconds(60))))),
                bad(
                        "issued in the future",
                        signed(c -> c.issueTime(Date.from(Instant.now().plusSeconds(60))))),
                bad("without an end", signed(c -> c.expirationTime(null))),
                bad("without an id", signed(c -> c.jwtID(null))),
                bad("of an administrator", signed(c -> c.claim("token_use", "admin"))),
                bad("bound in an unknown way", signed(c -> c.claim("cnf", Map.of("kid", "x")))),
                bad("same first 20 characters", lookAlike(20)),
                bad("same first 200 characters", lookAlike(200)),
                bad("all but the last character", lookAlike(-1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void tokenWhenBadThen401AsInvalidToken(String name, String token) throws Exception {
        HttpResponse<String> response =
                send(to("/v1/models").header("Authorization", "Bearer " + token).GET());

        assertThat(response.statusCode()).as(name).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .containsExactly(
                        "Bearer realm=\"postern\", error=\"invalid_token\"", "DPoP realm=\"postern\", algs=\"ES256\"");
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("invalid_api_key");
    }

    @Test
    void tokenWhenForAnotherUseOfTheGatewayThen403() throws Exception {
        HttpResponse<String> response = send(to("/v1/models")
                .header("Authorization", "Bearer " + signed(c -> c.claim("token_use", "publish")))
                .GET());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("token_use_refused");
    }

    /// A good token is verified, and so remembered, before one that begins like it comes.
    private static String lookAlike(int same) {
        String good = GOOD;
        int from = same < 0 ? good.length() + same : same;
        return good.substring(0, from) + (good.charAt(from) == 'A' ? 'B' : 'A') + good.substring(from + 1);
    }

    private static final String GOOD = PLATFORM.tokens().good();

    @BeforeEach
    void theGoodOneIsRemembered() throws Exception {
        assertThat(send(to("/v1/models")
                                .header("Authorization", "Bearer " + GOOD)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
        reached.set(0);
    }

    private static String hmac() throws GeneralSecurityException {
        String input = base64(header("\"alg\":\"HS256\"")) + "." + base64(claims(""));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(PLATFORM.tokens().find("key-1").orElseThrow().getEncoded(), "HmacSHA256"));
        return input + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String actors() {
        return "\"act\":" + "{\"sub\":\"a\",\"act\":".repeat(12) + "{\"sub\":\"a\"}" + "}".repeat(12) + ",";
    }

    private static String header(String more) {
        return "{\"typ\":\"at+jwt\",\"kid\":\"key-1\"," + more + "}";
    }

    private static String claims(String more) {
        long now = Instant.now().getEpochSecond();
        return "{" + more + "\"iss\":\"https://localhost:8543\",\"sub\":\"demo\",\"aud\":\"urn:postern:gateway\","
                + "\"jti\":\"bad\",\"iat\":" + now + ",\"exp\":" + (now + 60)
                + ",\"client_id\":\"demo\",\"tenant\":\"acme\",\"token_use\":\"inference\",\"sid\":\"s\","
                + "\"scope\":\"llm:invoke\"}";
    }

    private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return PLATFORM.tokens().signed(change);
    }

    private static String raw(String header, String payload) {
        return PLATFORM.tokens().raw(header, payload);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Arguments bad(String name, String token) {
        return Arguments.of(name, token);
    }
}

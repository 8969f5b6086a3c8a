package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the edge refuses by itself, and that nothing of it reaches a relay.
class RefusalTest extends GatewayFixture {
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

    @Test
    void tokenWhenMissingThen401WithBareChallenge() throws Exception {
        HttpResponse<String> response = send(to("/v1/chat/completions").POST(BodyPublishers.ofString(CHAT)));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"postern\"");
        assertThat(json(response).path("error").path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(response.headers().firstValue("Postern-Request-Id").orElseThrow())
                .hasSize(22);
    }

    @Test
    void tokenWhenMissingThenTheClientThatIsStillSendingReadsSo() throws Exception {
        byte[] large = new byte[2_000_000];
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = send(to("/v1/chat/completions").POST(BodyPublishers.ofByteArray(large)));
            assertThat(response.statusCode()).isEqualTo(401);
        }
    }

    @Test
    void tokenWhenNotGoodHereThen401AsInvalidToken() throws Exception {
        String good = PLATFORM.tokens().good();
        List<String> bad = List.of(
                PLATFORM.tokens().forged(),
                token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(1)))),
                token(claims -> claims.audience("urn:postern:relay")),
                token(claims -> claims.issuer("https://localhost:1")),
                token(claims -> claims.claim("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"))),
                token(claims -> claims.claim("cnf", Map.of("x5t#S256", "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"))),
                "not-a-token",
                good.substring(0, good.length() - 2),
                "x".repeat(9000));
        for (String token : bad) {
            HttpResponse<String> response = send(
                    to("/v1/models").header("Authorization", "Bearer " + token).GET());
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(challenge(response)).isEqualTo("Bearer realm=\"postern\", error=\"invalid_token\"");
            assertThat(json(response).path("error").path("code").asString()).isEqualTo("invalid_api_key");
        }
    }

    @Test
    void tokenWhenLookingLikeAGoodOneForItsFirst200CharactersThen401() throws Exception {
        String good = PLATFORM.tokens().good();
        // The good one is verified first, so that whatever is remembered of it is remembered.
        assertThat(send(to("/v1/models")
                                .header("Authorization", "Bearer " + good)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
        reached.set(0);
        String lookAlike =
                good.substring(0, good.length() - 30) + new StringBuilder(good.substring(good.length() - 30)).reverse();

        HttpResponse<String> response = send(
                to("/v1/models").header("Authorization", "Bearer " + lookAlike).GET());

        assertThat(good.length()).isGreaterThan(260);
        assertThat(lookAlike).startsWith(good.substring(0, 200));
        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void tokenWhenSentInTwoHeadersThen400() throws Exception {
        HttpResponse<String> response = send(authorized("/v1/models")
                .header("Authorization", "Bearer " + PLATFORM.tokens().good())
                .GET());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(challenge(response)).contains("error=\"invalid_request\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic ZGVtbzpkZW1v", "DPoP abc", "Bearer", "bearer "})
    void tokenWhenOfAnotherSchemeOrEmptyThen401(String authorization) throws Exception {
        assertThat(send(to("/v1/models").header("Authorization", authorization).GET())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void tokenWhenInQueryThenItIsNotLookedAt() throws Exception {
        assertThat(send(to("/v1/models?access_token=" + PLATFORM.tokens().good())
                                .GET())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void tokenWhenWithoutScopeThen403NamesTheScope() throws Exception {
        String token = token(claims -> claims.claim("scope", "audit:read"));

        HttpResponse<String> response =
                send(to("/v1/models").header("Authorization", "Bearer " + token).GET());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(challenge(response))
                .isEqualTo("Bearer realm=\"postern\", error=\"insufficient_scope\", scope=\"llm:invoke\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"|malformed_json",
                "not json|malformed_json",
                "[]|malformed_json",
                "\"m\"|malformed_json",
                "{\"model\":\"m\"} {}|malformed_json",
                "{\"model\":\"m\",\"model\":\"n\"}|malformed_json",
                "{\"model\":\"m\",\"a\":{\"b\":1,\"b\":2}}|malformed_json",
                "{\"model\":\"m\",}|malformed_json",
                "{'model':'m'}|malformed_json",
                "{\"model\":\"m\",\"a\":NaN}|malformed_json",
                "{}|missing_model",
                "{\"model\":7}|missing_model",
                "{\"model\":\"\"}|missing_model",
                "{\"model\":\"m\",\"stream\":\"true\"}|invalid_stream",
                "{\"model\":\"m\",\"stream\":1}|invalid_stream"
            })
    void bodyWhenNotWhatChatTakesThen400(String body, String code) throws Exception {
        assertRefused(send(chat(body)), 400, code);
    }

    @Test
    void bodyWhenEmptyThen400() throws Exception {
        assertRefused(send(authorized("/v1/chat/completions").POST(BodyPublishers.noBody())), 400, "malformed_json");
    }

    @Test
    void bodyWhenTooDeepThen400() throws Exception {
        String deep = "{\"model\":\"m\",\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";

        assertRefused(send(chat(deep)), 400, "malformed_json");
    }

    @Test
    void bodyWhenNotUtf8Then400() throws Exception {
        for (byte[] body : List.of(
                CHAT.getBytes(StandardCharsets.UTF_16BE),
                CHAT.getBytes(StandardCharsets.UTF_16),
                "{\"model\":\"m\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1),
                overlong())) {
            assertRefused(
                    send(authorized("/v1/chat/completions").POST(BodyPublishers.ofByteArray(body))),
                    400,
                    "malformed_json");
        }
    }

    @Test
    void embeddingsWhenStreamedThen400() throws Exception {
        assertRefused(
                send(authorized("/v1/embeddings").POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}"))),
                400,
                "unsupported_stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "nonsense"
            })
    void contentTypeWhenNotJsonInUtf8Then415(String type) throws Exception {
        HttpRequest.Builder request = authorized("/v1/chat/completions")
                .setHeader("Content-Type", type)
                .POST(BodyPublishers.ofString(CHAT));

        assertRefused(send(request), 415, "unsupported_media_type");
    }

    @Test
    void bodyWhenEncodedThen415() throws Exception {
        assertRefused(send(chat(CHAT).header("Content-Encoding", "gzip")), 415, "unsupported_media_type");
    }

    @Test
    void bodyWhenOverTheLimitThen413AnnouncedOrNot() throws Exception {
        // Large enough that the client is still sending when the limit is passed.
        byte[] large = ("{\"model\":\"m\",\"a\":\"" + "x".repeat(400_000) + "\"}").getBytes(StandardCharsets.UTF_8);

        assertRefused(
                send(authorized("/v1/chat/completions").POST(BodyPublishers.ofByteArray(large))),
                413,
                "request_too_large");
        assertRefused(
                send(authorized("/v1/chat/completions")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))),
                413,
                "request_too_large");
    }

    @Test
    void bodyWhenAskedAboutFirstThen413BeforeItIsSent() throws Exception {
        byte[] large = new byte[70_000];

        assertRefused(
                send(authorized("/v1/chat/completions").expectContinue(true).POST(BodyPublishers.ofByteArray(large))),
                413,
                "request_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "a/b", "ü"})
    void conversationWhenNotANameThen400(String name) throws Exception {
        HttpResponse<String> response = send(chat(CHAT).header("Postern-Conversation", name.replace("ü", "%C3%BC")));

        assertRefused(response, 400, "invalid_conversation");
    }

    @Test
    void pathWhenUnknownUnderV1Then404InOpenAiShape() throws Exception {
        for (String path : List.of("/v1/responses", "/v1", "/v1/", "/v1/chat", "/v1/chat/completions/x")) {
            assertRefused(send(authorized(path).GET()), 404, "unknown_url");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v2/models", "/actuator/health", "/index.html", "/oauth2/token", "/v1x"})
    void pathWhenElsewhereThen404AsProblem(String path) throws Exception {
        HttpResponse<String> response = send(authorized(path).GET());

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("type").asString()).isEqualTo("urn:postern:problem:unknown-url");
    }

    @Test
    void pathWhenSpelledToEvadeTheGuardThenNothingPasses() throws Exception {
        for (String path : List.of("/%76%31/models", "//v1/models", "/v1;x/models", "/x/../v1/models")) {
            assertThat(send(to(path).GET()).statusCode()).isIn(401, 404);
        }
    }

    @Test
    void methodWhenWrongThen405WithAllow() throws Exception {
        HttpResponse<String> get = send(authorized("/v1/chat/completions").GET());
        assertRefused(get, 405, "method_not_allowed");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        HttpResponse<String> post = send(authorized("/v1/models").POST(BodyPublishers.ofString("{}")));
        assertRefused(post, 405, "method_not_allowed");
        assertThat(post.headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void refusalWhenMadeThenItIsAuditedWithoutAnyWordOfTheRequest() throws Exception {
        send(chat("{\"model\":\"canary-model\",\"stream\":\"canary-stream\"}"));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(PLATFORM.auditEvents()).anySatisfy(event -> {
                    assertThat(event.path("type").asString()).isEqualTo("dev.postern.request.rejected");
                    assertThat(event.toString()).contains("invalid-stream", "/v1/chat/completions", "demo");
                }));
        assertThat(PLATFORM.auditEvents())
                .noneSatisfy(event -> assertThat(event.toString()).contains("canary"));
    }

    @Test
    void refusalWhenMadeThenItIsCounted() throws Exception {
        send(to("/v1/models").GET());

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(meters.find("postern.requests")
                                .tags("operation", "list-models", "status", "401")
                                .timer())
                        .isNotNull());
        send(to("/v1/models")
                .header("Authorization", "Bearer " + PLATFORM.tokens().forged())
                .GET());
        assertThat(meters.get("postern.tokens.verified")
                        .tag("outcome", "bad-signature")
                        .counter()
                        .count())
                .isPositive();
    }

    private static String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return PLATFORM.tokens().signed(change);
    }

    private static String challenge(HttpResponse<?> response) {
        return response.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private static byte[] overlong() {
        byte[] body = "{\"model\":\"??\"}".getBytes(StandardCharsets.US_ASCII);
        body[10] = (byte) 0xC0;
        body[11] = (byte) 0xAF;
        return body;
    }

    private static void assertRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(response).path("error").path("code").asString()).isEqualTo(code);
        assertThat(json(response).path("error").path("message").asString()).isNotBlank();
    }
}

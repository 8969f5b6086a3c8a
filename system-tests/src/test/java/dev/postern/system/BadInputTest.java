package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenRequest;
import dev.postern.system.SystemPlatform.Running;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What the edge answers to input it must refuse. No answer repeats what was sent.
@Order(20)
@ExtendWith(SystemPlatform.class)
class BadInputTest {
    private Running platform;
    private Edge edge;

    @BeforeEach
    void edge(Running running) {
        platform = running;
        edge = new Edge(running);
    }

    @Test
    void jsonWhenMalformedThen400() throws Exception {
        HttpResponse<String> answer = edge.post(
                "/v1/chat/completions",
                platform.token(),
                "{\"model\":\"simulator-small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.EMAIL + "\"");

        assertOpenAiError(answer, 400);
    }

    @Test
    void bodyWhenOverTheLimitThen413() throws Exception {
        String tooLong = "x".repeat(5 * 1024 * 1024);

        HttpResponse<String> answer = edge.chat(platform.token(), tooLong);

        assertOpenAiError(answer, 413);
    }

    @Test
    void modelWhenUnknownThen404() throws Exception {
        HttpResponse<String> answer = edge.post(
                "/v1/chat/completions",
                platform.token(),
                Edge.chatBody("no-such-model", Canary.prompt("unknown model"), "false"));

        assertOpenAiError(answer, 404);
        assertThat(edge.seen("unknown model:")).isZero();
    }

    @Test
    void tokenWhenMissingThen401() throws Exception {
        assertUnauthorized(edge.chat("", Canary.prompt("no token")));
    }

    @Test
    void tokenWhenNotATokenThen401() throws Exception {
        assertUnauthorized(edge.chat("sk-" + "a".repeat(40), Canary.prompt("api key")));
    }

    @Test
    void tokenWhenForAnotherAudienceThen401() throws Exception {
        assertUnauthorized(edge.chat(platform.token("llm:invoke", TokenRequest.RELAY), Canary.prompt("audience")));
    }

    @Test
    void tokenWhenSignedByAnotherKeyUnderTheSameNameThen401() throws Exception {
        SignedJWT real = SignedJWT.parse(platform.token());
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(real.getHeader().getType())
                        .keyID(real.getHeader().getKeyID())
                        .build(),
                real.getJWTClaimsSet());
        forged.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate()));

        assertUnauthorized(edge.chat(forged.serialize(), Canary.prompt("forged")));
    }

    @Test
    void tokenWhenOneCharacterDiffersThen401() throws Exception {
        String token = platform.token();
        // Some caches are keyed by a token's first characters: ask with the real one first.
        assertThat(edge.chat(token, Canary.prompt("real")).statusCode()).isEqualTo(200);
        int middle = token.lastIndexOf('.') + 10;
        char other = token.charAt(middle) == 'A' ? 'B' : 'A';

        assertUnauthorized(edge.chat(
                token.substring(0, middle) + other + token.substring(middle + 1), Canary.prompt("same prefix")));
    }

    @Test
    void tokenWhenUnsignedThen401() throws Exception {
        String unsigned = new PlainJWT(SignedJWT.parse(platform.token()).getJWTClaimsSet()).serialize();

        assertUnauthorized(edge.chat(unsigned, Canary.prompt("alg none")));
    }

    @Test
    void tokenWhenExpiredThen401() throws Exception {
        Platform shortLived = platform.platform(Map.of("POSTERN_STS_TOKEN_LIFETIME", "1s"));
        shortLived.restart(PlatformService.TOKEN);
        String token = platform.token();
        try {
            // One second of life, and the skew that verifiers allow.
            Edge.await(
                    "the token expires",
                    () -> edge.chat(token, Canary.prompt("expiry")).statusCode() == 401);
            assertUnauthorized(edge.chat(token, Canary.prompt("expired")));
        } finally {
            platform.platform().restart(PlatformService.TOKEN);
        }
    }

    @Test
    void scopeWhenMissingThen403() throws Exception {
        HttpResponse<String> answer =
                edge.chat(platform.token("audit:read", TokenRequest.GATEWAY), Canary.prompt("scope"));

        assertOpenAiError(answer, 403);
        assertThat(edge.seen("scope:")).isZero();
    }

    @Test
    void problemWhenOutsideTheOpenAiPathsThenRfc9457() throws Exception {
        HttpResponse<String> answer = platform.operator()
                .send(PlatformHttp.request(platform.endpoint(PlatformService.AUDIT, "/v1/proofs?source=x&id=y")));

        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    }

    @Test
    void managementWhenNoClientCertificateThenNoAnswer() {
        for (PlatformService service : PlatformService.values()) {
            assertThat(catchAnswer(service)).as(service.artifact()).isEqualTo("refused");
        }
    }

    private String catchAnswer(PlatformService service) {
        try {
            return platform.anyone()
                    .text(platform.settings()
                            .ports()
                            .managementEndpoint(service)
                            .resolve("/actuator/health"));
        } catch (Failure _) {
            return "refused";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertUnauthorized(HttpResponse<String> answer) {
        assertOpenAiError(answer, 401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
    }

    private static void assertOpenAiError(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode error = Edge.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asString("")).isNotEmpty();
        assertThat(error.path("type").asString("")).isNotEmpty();
        assertThat(answer.body()).doesNotContain(Canary.EMAIL, Canary.WORDS, "Exception", "eyJ");
    }
}

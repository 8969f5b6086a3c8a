package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.token.BoundToken;
import dev.postern.cli.token.SubjectToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ProofKey;
import dev.postern.system.SystemPlatform.Running;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ways to get more than one was given; each must be refused.
@Order(21)
@ExtendWith(SystemPlatform.class)
class AccessInputTest {
    private static final String FOREIGN = "attacker.example";

    private final ProofKeys keys = new ProofKeys();
    private Running platform;

    @BeforeEach
    void platform(Running running) {
        platform = running;
    }

    @ParameterizedTest
    @CsvSource({
        "llm:invoke audit:read, urn:postern:gateway, invalid_scope",
        "llm:delegate, urn:postern:relay, invalid_scope",
        "admin:read, urn:postern:admin, ''",
        "audit:read, urn:postern:audit, ''"
    })
    void exchangeWhenItAsksForMoreThanTheSubjectTokenHasThenRefused(String scope, String audience, String error)
            throws Exception {
        String subject = platform.token();
        try (TokenClient tokens = platform.tokens()) {
            HttpResponse<String> answer = tokens.ask(TokenRequest.of(platform.demo(), scope, audience)
                    .exchanging(new SubjectToken(subject, SubjectToken.ACCESS_TOKEN)));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(Edge.JSON.readTree(answer.body()).path("error").asString(""))
                    .satisfiesAnyOf(
                            code -> assertThat(code).isEqualTo(error),
                            code -> assertThat(code).isIn("invalid_scope", "invalid_target"));
        }
    }

    @Test
    void exchangeWhenTheSubjectTokenIsForgedThenRefused() throws Exception {
        String token = platform.token();
        int middle = token.lastIndexOf('.') + 10;
        String forged =
                token.substring(0, middle) + (token.charAt(middle) == 'A' ? 'B' : 'A') + token.substring(middle + 1);
        try (TokenClient tokens = platform.tokens()) {
            assertThat(tokens.ask(TokenRequest.of(platform.demo(), "llm:invoke", TokenRequest.GATEWAY)
                                    .exchanging(new SubjectToken(forged, SubjectToken.ACCESS_TOKEN)))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: " + FOREIGN,
                "Host: localhost\nX-Forwarded-Host: " + FOREIGN + "\nX-Forwarded-Proto: https\nX-Forwarded-Port: 443",
                "Host: localhost\nForwarded: host=" + FOREIGN + ";proto=https"
            })
    void proofWhenMadeForTheHostThatARequestPretendsThenRefused(String headers) throws Exception {
        ProofKey key = keys.next();
        String token = platform.token(TokenRequest.of(platform.demo(), "llm:invoke", TokenRequest.GATEWAY)
                .boundTo(key));
        BoundToken bound = new BoundToken(token, key, Clock.systemUTC());
        // Learns the nonce, so that the host is the only thing wrong.
        assertThat(bound.send(platform.anyone(), platform.chat().models()).statusCode())
                .isEqualTo(200);

        int pretended = RawHttps.status(
                platform.gateway("/v1/models"),
                platform.home().caCertificate(),
                "GET /v1/models HTTP/1.1\n" + headers + "\nConnection: close\nAuthorization: DPoP " + token + "\nDPoP: "
                        + bound.proof("GET", URI.create("https://" + FOREIGN + "/v1/models")));

        assertThat(pretended).isBetween(400, 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
                "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"crit\":[\"exp\"]}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"jku\":\"https://attacker.example/jwks\"}",
                "{\"alg\":\"ES256\",\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"nobody-knows-this-key\"}"
            })
    void tokenWhenItsHeaderIsNotTheOneIssuedThenRefused(String header) throws Exception {
        String token = platform.token();
        String kid = SignedJWT.parse(token).getHeader().getKeyID();
        String forged = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(header.formatted(kid).getBytes(StandardCharsets.UTF_8))
                + token.substring(token.indexOf('.'));

        assertThat(new Edge(platform).chat(forged, "hello").statusCode()).isEqualTo(401);
    }

    @Test
    void adminApiWhenTheTokenIsForDataThenRefused() throws Exception {
        ProofKey key = keys.next();
        String token = platform.token(TokenRequest.of(platform.demo(), "llm:invoke", TokenRequest.GATEWAY)
                .boundTo(key));

        HttpResponse<String> answer = new BoundToken(token, key, Clock.systemUTC())
                .send(
                        platform.anyone(),
                        PlatformHttp.request(platform.endpoint(PlatformService.TOKEN, "/admin/v1/clients")));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void gatewayWhenTheTokenIsForAdministrationThenRefused() throws Exception {
        ProofKey key = keys.next();
        String token = platform.token(
                TokenRequest.of(new ClientKeys(platform.home(), "security"), "admin:read", TokenRequest.ADMIN)
                        .boundTo(key));

        assertThat(new BoundToken(token, key, Clock.systemUTC())
                        .send(platform.anyone(), platform.chat().models())
                        .statusCode())
                .isEqualTo(401);
    }
}

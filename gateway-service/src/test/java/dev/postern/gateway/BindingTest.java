package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tokens that are worth nothing without a key, a certificate or an address, over the wire.
class BindingTest extends GatewayFixture {
    private static final String HERE = "https://gateway.test/v1/models";

    private final DpopKey key = DpopKey.generate(new SecureRandom(), Clock.systemUTC());
    private final String token =
            PLATFORM.tokens().signed(claims -> claims.claim("cnf", Map.of("jkt", key.thumbprint())));

    @BeforeEach
    void everythingIsAnswered() {
        model(stream -> stream.document("{\"object\":\"list\",\"data\":[]}"));
    }

    @Test
    void proofWhenWithoutNonceThenChallengeAndWithItThenServed() throws Exception {
        HttpResponse<String> challenged = send(with(key.prove(expected())));

        assertThat(challenged.statusCode()).isEqualTo(401);
        assertThat(challenged.headers().allValues("WWW-Authenticate"))
                .containsExactly("DPoP realm=\"postern\", error=\"use_dpop_nonce\", algs=\"ES256\"");
        HttpResponse<String> served = send(with(key.prove(expected().withNonce(nonce(challenged)))));
        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.headers().firstValue("DPoP-Nonce")).isPresent();
    }

    @Test
    void proofWhenUsedTwiceThenTheSecondIsRefused() throws Exception {
        String proof = key.prove(expected().withNonce(nonce()));

        assertThat(send(with(proof)).statusCode()).isEqualTo(200);
        assertRefused(send(with(proof)), "dpop_proof_replayed");
    }

    @Test
    void proofWhenForSomethingElseThenRefused() throws Exception {
        String nonce = nonce();
        List<DpopExpectation> others = List.of(
                DpopExpectation.of("GET", "https://gateway.test/v1/chat/completions")
                        .forToken(token),
                DpopExpectation.of("GET", "https://localhost:" + port + "/v1/models")
                        .forToken(token),
                DpopExpectation.of("GET", "http://gateway.test/v1/models").forToken(token),
                DpopExpectation.of("GET", HERE + "?a=b").forToken(token),
                DpopExpectation.of("POST", HERE).forToken(token),
                DpopExpectation.of("GET", HERE).forToken(PLATFORM.tokens().good()),
                DpopExpectation.of("GET", HERE));
        for (DpopExpectation other : others) {
            assertRefused(send(with(key.prove(other.withNonce(nonce)))), "invalid_dpop_proof");
        }
        assertRefused(send(with("not-a-proof")), "invalid_dpop_proof");
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-5));
        DpopKey late = DpopKey.generate(new SecureRandom(), slow);
        assertRefused(send(with(late.prove(expected().withNonce(nonce)))), "invalid_dpop_proof");
    }

    @Test
    void tokenWhenStolenWithoutItsKeyThenWorthless() throws Exception {
        DpopKey thief = DpopKey.generate(new SecureRandom(), Clock.systemUTC());

        assertRefused(send(with(thief.prove(expected().withNonce(nonce())))), "invalid_api_key");
        assertRefused(
                send(to("/v1/models").header("Authorization", "Bearer " + token).GET()), "invalid_api_key");
        assertRefused(
                send(to("/v1/models").header("Authorization", "DPoP " + token).GET()), "proof_missing");
    }

    @Test
    void proofWhenThereAreTwoOrNoneBelongsThereThenRefused() throws Exception {
        String nonce = nonce();

        assertRefused(
                send(with(key.prove(expected().withNonce(nonce)))
                        .header("DPoP", key.prove(expected().withNonce(nonce)))),
                "proof_missing");
        HttpResponse<String> bearer = send(
                authorized("/v1/models").header("DPoP", key.prove(expected())).GET());
        assertThat(bearer.statusCode()).isEqualTo(400);
        String plain = PLATFORM.tokens().good();
        String proof = key.prove(DpopExpectation.of("GET", HERE).forToken(plain).withNonce(nonce));
        assertRefused(
                send(to("/v1/models")
                        .header("Authorization", "DPoP " + plain)
                        .header("DPoP", proof)
                        .GET()),
                "invalid_api_key");
    }

    @Test
    void headersWhenSpoofedThenNothingOfThemCounts() throws Exception {
        try (RawClient raw = new RawClient(PLATFORM.clientTls(), port)) {
            String spoofed = """
                    X-Forwarded-Host: evil.test\r
                    X-Forwarded-Proto: http\r
                    X-Forwarded-Port: 1\r
                    X-Forwarded-For: 10.0.0.1\r
                    X-Forwarded-Prefix: /evil\r
                    Forwarded: for=10.0.0.1;host=evil.test;proto=http\r
                    """;
            String good = key.prove(expected().withNonce(nonce()));
            assertThat(raw.get("/v1/models", "evil.test", spoofed + dpop(good))).isEqualTo(200);
            String evil = key.prove(DpopExpectation.of("GET", "https://evil.test/v1/models")
                    .forToken(token)
                    .withNonce(nonce()));
            assertThat(raw.get("/v1/models", "evil.test", spoofed + dpop(evil))).isEqualTo(401);
            String elsewhere = PLATFORM.tokens().signed(claims -> claims.claim("net", List.of("10.0.0.0/8")));
            assertThat(raw.get("/v1/models", "evil.test", spoofed + "Authorization: Bearer " + elsewhere + "\r\n"))
                    .isEqualTo(403);
            String issuedElsewhere = PLATFORM.tokens().signed(claims -> claims.issuer("https://evil.test"));
            assertThat(raw.get(
                            "/v1/models", "evil.test", spoofed + "Authorization: Bearer " + issuedElsewhere + "\r\n"))
                    .isEqualTo(401);
        }
    }

    @Test
    void addressWhenNamedByTheTokenThenServedAndOtherwise403() throws Exception {
        assertThat(send(to("/v1/models")
                                .header(
                                        "Authorization",
                                        "Bearer "
                                                + PLATFORM.tokens()
                                                        .signed(claims ->
                                                                claims.claim("net", List.of("127.0.0.0/8", "::1/128"))))
                                .GET())
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused = send(to("/v1/models")
                .header("X-Forwarded-For", "10.1.2.3")
                .header(
                        "Authorization",
                        "Bearer " + PLATFORM.tokens().signed(claims -> claims.claim("net", List.of("10.0.0.0/8"))))
                .GET());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(json(refused).path("error").path("code").asString()).isEqualTo("address_refused");
        assertThat(refused.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void certificateWhenTheTokensThenServedAlsoOverAResumedConnection() throws Exception {
        WorkloadIdentity stranger = PLATFORM.stranger(Instant.now());
        String bound = boundTo(stranger);
        SSLContext tls = PLATFORM.clientTls(stranger);
        Set<Long> sessions = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (RawClient raw = new RawClient(tls, port)) {
                assertThat(raw.get("/v1/models", "localhost", "Authorization: Bearer " + bound + "\r\n"))
                        .isEqualTo(200);
                sessions.add(raw.sessionBegan());
            }
        }
        assertThat(sessions).as("resumed").hasSize(1);
        assertThat(statusOver(PLATFORM.clientTls(), bound)).isEqualTo(401);
        assertThat(statusOver(PLATFORM.clientTls(PLATFORM.stranger(Instant.now())), bound))
                .isEqualTo(401);
        assertThat(statusOver(tls, PLATFORM.tokens().good())).isEqualTo(200);
    }

    @Test
    void sessionWhenTicketKeysTurnOverThenNotResumed() throws Exception {
        SSLContext tls = PLATFORM.clientTls();
        long before = sessionOver(tls);
        assertThat(sessionOver(tls)).as("resumed").isEqualTo(before);
        PLATFORM.gateway().forgetSessions();
        long after = sessionOver(tls);
        assertThat(after).isGreaterThan(before);
        assertThat(sessionOver(tls)).as("resumed").isEqualTo(after);
    }

    @Test
    void connectionWhenTheCertificateWasRenewedThenItsNextAnswerIsItsLastAndTheNextOneShowsTheNewOne()
            throws Exception {
        SSLContext tls = PLATFORM.clientTls();
        String get = "Authorization: Bearer " + PLATFORM.tokens().good() + "\r\n";
        try (RawClient before = new RawClient(tls, port)) {
            for (int i = 0; i < 2; i++) {
                assertThat(before.get("/v1/models", "localhost", get))
                        .as("the connection goes on")
                        .isEqualTo(200);
            }
            BigInteger renewed = PLATFORM.gateway()
                    .renewNow()
                    .get(10, TimeUnit.SECONDS)
                    .leaf()
                    .getSerialNumber();
            assertThat(before.serverSerial()).isNotEqualTo(renewed);
            before.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n" + get + "\r\n");
            assertThat(before.head()).startsWith("HTTP/1.1 200").containsIgnoringCase("\r\nconnection: close\r\n");
            before.in().readAllBytes();
            try (RawClient next = new RawClient(tls, port)) {
                assertThat(next.get("/v1/models", "localhost", get)).isEqualTo(200);
                assertThat(next.serverSerial()).isEqualTo(renewed);
                assertThat(next.get("/v1/models", "localhost", get))
                        .as("and that one goes on")
                        .isEqualTo(200);
            }
        }
    }

    private long sessionOver(SSLContext tls) throws IOException {
        try (RawClient raw = new RawClient(tls, port)) {
            assertThat(raw.get(
                            "/v1/models",
                            "localhost",
                            "Authorization: Bearer " + PLATFORM.tokens().good() + "\r\n"))
                    .isEqualTo(200);
            return raw.sessionBegan();
        }
    }

    @Test
    void certificateWhenExpiredThenNoConnection() {
        SSLContext tls = PLATFORM.clientTls(PLATFORM.stranger(Instant.now().minus(Duration.ofDays(3))));

        assertThatThrownBy(() -> statusOver(tls, PLATFORM.tokens().good())).isInstanceOf(IOException.class);
    }

    @Test
    void upgradeWhenTokenIsForgedOrMissingThenRefusedBeforeItHappens() throws Exception {
        String upgrade = """
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                """;
        for (String path : List.of("/v1/realtime", "/ssp1?key_id=x", "/ssp1/x", "/v1/chat/completions")) {
            try (RawClient raw = new RawClient(PLATFORM.clientTls(), port)) {
                String forged = "Authorization: Bearer " + PLATFORM.tokens().forged() + "\r\n";
                assertThat(raw.get(path, "localhost", upgrade + forged)).isEqualTo(401);
                assertThat(raw.get(path, "localhost", upgrade)).isEqualTo(401);
                String good = "Authorization: Bearer " + PLATFORM.tokens().good() + "\r\n";
                assertThat(raw.get(path, "localhost", upgrade + good))
                        .isIn(path.startsWith("/ssp1?") ? List.of(101) : List.of(404, 405));
            }
        }
    }

    private DpopExpectation expected() {
        return DpopExpectation.of("GET", HERE).forToken(token);
    }

    private HttpRequest.Builder with(String proof) {
        return to("/v1/models")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof)
                .GET();
    }

    private String dpop(String proof) {
        return "Authorization: DPoP " + token + "\r\nDPoP: " + proof + "\r\n";
    }

    private String nonce() throws Exception {
        return nonce(send(with(key.prove(expected()))));
    }

    private static String nonce(HttpResponse<?> response) {
        return response.headers().firstValue("DPoP-Nonce").orElseThrow();
    }

    private int statusOver(SSLContext tls, String bearer) throws Exception {
        HttpClient fresh = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return fresh.send(
                        to("/v1/models")
                                .header("Authorization", "Bearer " + bearer)
                                .GET()
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private static String boundTo(WorkloadIdentity identity) throws Exception {
        X509Certificate certificate = identity.current().chain().getFirst();
        String thumbprint = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        return PLATFORM.tokens().signed(claims -> claims.claim("cnf", Map.of("x5t#S256", thumbprint)));
    }

    private static void assertRefused(HttpResponse<String> response, String code) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo(code);
    }
}

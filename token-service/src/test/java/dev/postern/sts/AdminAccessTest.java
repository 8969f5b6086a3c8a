package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.AdminPlatform.Agent;
import dev.postern.token.DpopExpectation;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may call the administration, and who may not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AdminAccessTest {
    private static final String PATH = "/admin/v1/scopes";

    @TempDir
    private static Path home = Path.of("");

    private AdminPlatform platform;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        platform = new AdminPlatform(home);
    }

    @AfterAll
    void stop() throws IOException {
        platform.close();
    }

    @Test
    void callWhenTokenIsBoundAndProvenThenAnswered() throws Exception {
        assertThat(platform.agent("security", "alice", "admin:read").get(PATH).statusCode())
                .isEqualTo(200);
    }

    @Test
    void callWhenThereIsNoTokenThenChallenged() throws Exception {
        HttpResponse<String> response = platform.send("GET", PATH, "");
        assertRefused(response, 401, "bound-token-required");
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).contains("DPoP");
        assertThat(platform.event("dev.postern.request.rejected", "admin-token-required", PATH))
                .isNotNull();
    }

    @Test
    void callWhenTokenIsPlainThenRefusedEvenIfValid() throws Exception {
        String plain = platform.sign(platform.claims("security", "urn:postern:admin", "admin", "admin:read"));
        assertRefused(platform.send("GET", PATH, "", "Authorization", "Bearer " + plain), 401, "bound-token-required");
    }

    @Test
    void callWhenBoundTokenComesAsBearerThenRefused() throws Exception {
        String stolen = platform.agent("security", "alice", "admin:read").token();
        assertRefused(platform.send("GET", PATH, "", "Authorization", "Bearer " + stolen), 401, "bound-token-required");
    }

    @Test
    void callWhenProofIsByAnotherKeyThenRefused() throws Exception {
        String stolen = platform.agent("security", "alice", "admin:read").token();
        Agent thief = platform.agent("thief", "thief");
        assertRefused(
                platform.send(
                        "GET", PATH, "", "Authorization", "DPoP " + stolen, "DPoP", thief.proof("GET", PATH, stolen)),
                401,
                "bound-token-required");
    }

    @ParameterizedTest
    @CsvSource({"POST, /admin/v1/scopes", "GET, /admin/v1/clients"})
    void callWhenProofIsForAnotherRequestThenRefused(String method, String path) throws Exception {
        Agent alice = platform.agent("security", "alice", "admin:read");
        String token = alice.token();
        assertRefused(
                platform.send(
                        "GET", PATH, "", "Authorization", "DPoP " + token, "DPoP", alice.proof(method, path, token)),
                401,
                "bound-token-required");
    }

    @Test
    void callWhenProofIsForAnotherHostOrTokenThenRefused() throws Exception {
        Agent alice = platform.agent("security", "alice", "admin:read");
        String token = alice.token();
        String spoofed = alice.key.prove(DpopExpectation.of("GET", "https://evil.example" + PATH)
                .forToken(token)
                .withNonce(platform.nonce()));
        assertRefused(
                platform.send("GET", PATH, "", "Authorization", "DPoP " + token, "DPoP", spoofed),
                401,
                "bound-token-required");
        String another = alice.proof("GET", PATH, alice.token());
        assertRefused(
                platform.send("GET", PATH, "", "Authorization", "DPoP " + token, "DPoP", another),
                401,
                "bound-token-required");
    }

    @Test
    void callWhenProofCarriesNoNonceOfOursThenToldOne() throws Exception {
        Agent alice = platform.agent("security", "alice", "admin:read");
        String token = alice.token();
        String proof = alice.key.prove(
                DpopExpectation.of("GET", AdminPlatform.ISSUER + PATH).forToken(token));
        HttpResponse<String> response = platform.send("GET", PATH, "", "Authorization", "DPoP " + token, "DPoP", proof);
        assertRefused(response, 401, "bound-token-required");
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).contains("use_dpop_nonce");
        assertThat(response.headers().firstValue("DPoP-Nonce")).contains(platform.nonce());
    }

    @Test
    void callWhenProofIsReplayedThenRefused() throws Exception {
        Agent alice = platform.agent("security", "alice", "admin:read");
        String token = alice.token();
        String proof = alice.proof("GET", PATH, token);
        String[] headers = {"Authorization", "DPoP " + token, "DPoP", proof};
        assertThat(platform.send("GET", PATH, "", headers).statusCode()).isEqualTo(200);
        assertRefused(platform.send("GET", PATH, "", headers), 401, "bound-token-required");
    }

    @ParameterizedTest
    @CsvSource({
        "urn:postern:gateway, admin, admin:read",
        "urn:postern:admin, tool, admin:read",
        "urn:postern:rotation, admin, admin:read"
    })
    void callWhenTokenIsForAnotherPlaneThenRefused(String audience, String use, String scope) throws Exception {
        Agent alice = platform.agent("security", "alice", scope);
        String token = platform.sign(
                platform.claims("security", audience, use, scope).claim("cnf", Map.of("jkt", alice.key.thumbprint())));
        assertRefused(
                platform.send(
                        "GET", PATH, "", "Authorization", "DPoP " + token, "DPoP", alice.proof("GET", PATH, token)),
                401,
                "bound-token-required");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /admin/v1/clients, admin:clients",
        "PUT, /admin/v1/clients/x, admin:read",
        "DELETE, /admin/v1/clients/x, admin:policies",
        "PUT, /admin/v1/clients/x/keys, admin:read",
        "PUT, /admin/v1/scopes/x, admin:read",
        "PUT, /admin/v1/roles/x, admin:clients",
        "PUT, /admin/v1/budgets/x, admin:clients",
        "POST, /admin/v1/policies, admin:clients",
        "PUT, /admin/v1/issuers/x, admin:policies",
        "POST, /admin/v1/revocations, admin:clients",
        "DELETE, /admin/v1/sessions/x, admin:read",
        "POST, /admin/v1/approvals/x/approve, admin:clients",
        "POST, /admin/v1/approvals/x/reject, admin:read"
    })
    void callWhenTokenLacksTheScopeThenForbidden(String method, String path, String scope) throws Exception {
        assertRefused(platform.agent("security", "alice", scope).call(method, path, ""), 403, "insufficient-scope");
    }

    @Test
    void callWhenTokenIsBoundToTheConnectionsCertificateThenAnswered() throws Exception {
        String token = certificateToken(platform.gateway.current().leaf());
        HttpClient with = platform.client(platform.gateway.sslContext());
        assertThat(platform.send(with, "GET", PATH, "", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void callWhenTokenIsBoundToAnotherCertificateThenRefused() throws Exception {
        String token = certificateToken(platform.gateway.current().leaf());
        HttpClient with = platform.client(platform.audit.sslContext());
        assertRefused(
                platform.send(with, "GET", PATH, "", "Authorization", "Bearer " + token), 401, "bound-token-required");
        assertRefused(platform.send("GET", PATH, "", "Authorization", "Bearer " + token), 401, "bound-token-required");
    }

    @Test
    void callWhenSessionIsRevokedThenRefused() throws Exception {
        Agent alice = platform.agent("security", "alice", "admin:read", "admin:revoke");
        assertThat(alice.get(PATH).statusCode()).isEqualTo(200);
        assertThat(alice.call("DELETE", "/admin/v1/sessions/" + alice.session(), "")
                        .statusCode())
                .isEqualTo(200);
        assertRefused(alice.get(PATH), 401, "bound-token-required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic abc", "DPoP", "DPoP x.y.z", "Bearer x.y.z"})
    void callWhenAuthorizationIsNonsenseThenRefused(String authorization) throws Exception {
        assertRefused(platform.send("GET", PATH, "", "Authorization", authorization), 401, "bound-token-required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/v1", "/admin/v1/nothing", "/admin/v2/clients", "/admin"})
    void callWhenThereIsNoSuchAddressThenNotFound(String path) throws Exception {
        assertThat(platform.send("GET", path, "").statusCode()).isEqualTo(404);
    }

    private String certificateToken(X509Certificate certificate) throws Exception {
        String thumbprint = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        return platform.sign(platform.claims("security", "urn:postern:admin", "admin", "admin:read")
                .claim("cnf", Map.of("x5t#S256", thumbprint)));
    }

    private static void assertRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }
}

package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditTrail;
import dev.postern.sts.AdminPlatform.Agent;
import dev.postern.test.OpenApiDocument;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Changes that need a second person; and what the administration still does without Redis, and refuses without the
/// audit trail.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ApprovalFlowTest {
    private static final String[] ALL = {"admin:read", "admin:clients", "admin:policies", "admin:approve"};
    private static final String POLICY =
            "{\"rules\":[{\"id\":\"a\",\"effect\":\"allow\",\"phases\":[\"issue\",\"session\"],"
                    + "\"when\":\"true\"}]}";

    @TempDir
    private static Path home = Path.of("");

    private final OpenApiDocument description = OpenApiDocument.load("/openapi/admin-v1.json");
    private AdminPlatform platform;
    private Agent alice;
    private Agent bob;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        platform = new AdminPlatform(home, "--postern.sts.approvals=policies,issuers,admin-clients");
        alice = platform.agent("console", "alice", ALL);
        bob = platform.agent("console", "bob", ALL);
    }

    @AfterAll
    void stop() throws IOException {
        platform.close();
    }

    @Test
    void changeWhenAnotherPersonApprovesThenMadeForTheOneWhoAsked() throws Exception {
        long before = epoch();
        HttpResponse<String> waiting =
                call(alice, "POST", "/admin/v1/policies", POLICY, "If-Match", "\"" + epoch() + "\"");
        assertThat(waiting.statusCode()).isEqualTo(202);
        assertThat(epoch()).isEqualTo(before);
        String path =
                "/admin/v1/approvals/" + AdminPlatform.json(waiting).path("id").stringValue("");
        assertThat(platform.event("dev.postern.approval.requested", "policy-published", "console/alice"))
                .isNotNull();
        assertThat(call(bob, "GET", path, "").body()).contains("\"pending\"");
        HttpResponse<String> approved = call(bob, "POST", path + "/approve", "");
        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
        JsonNode answer = AdminPlatform.json(approved);
        assertThat(answer.path("state").stringValue("")).isEqualTo("approved");
        assertThat(answer.path("decided_by").stringValue("")).isEqualTo("console/bob");
        assertThat(answer.path("result").path("version").asLong()).isEqualTo(before + 1);
        assertThat(epoch()).isEqualTo(before + 1);
        assertThat(platform.event("dev.postern.approval.decided", "console/bob", "\"approved\""))
                .isNotNull();
        assertThat(platform.event("dev.postern.policy.published", "console/alice"))
                .isNotNull();
        assertProblem(call(bob, "POST", path + "/approve", ""), 409, "already-decided");
        assertProblem(call(bob, "POST", path + "/reject", ""), 409, "already-decided");
    }

    @Test
    void changeWhenTheSamePersonApprovesThenRefused() throws Exception {
        String path = waiting("/admin/v1/roles/own-" + epoch());
        assertProblem(call(alice, "POST", path + "/approve", ""), 403, "second-person-required");
        // The same person through another client, and the client that could speak for everybody.
        assertProblem(
                call(platform.agent("other", "alice", ALL), "POST", path + "/approve", ""),
                403,
                "second-person-required");
        assertProblem(
                call(platform.agent("console", "console", ALL), "POST", path + "/approve", ""),
                403,
                "second-person-required");
        assertThat(call(bob, "GET", path, "").body()).contains("\"pending\"");
    }

    @Test
    void changeWhenRejectedThenNeverMade() throws Exception {
        long before = epoch();
        String path = waiting("/admin/v1/roles/rejected");
        assertThat(AdminPlatform.json(call(bob, "POST", path + "/reject", ""))
                        .path("state")
                        .stringValue(""))
                .isEqualTo("rejected");
        assertProblem(call(bob, "POST", path + "/approve", ""), 409, "already-decided");
        assertThat(epoch()).isEqualTo(before);
    }

    @Test
    void changeWhenWhatItWasBasedOnChangedThenNotMade() throws Exception {
        String first = waiting("/admin/v1/roles/first");
        String second =
                approvalOf(call(alice, "POST", "/admin/v1/policies", POLICY, "If-Match", "\"" + epoch() + "\""));
        assertThat(call(bob, "POST", first + "/approve", "").statusCode()).isEqualTo(200);
        assertProblem(call(bob, "POST", second + "/approve", ""), 412, "precondition-failed");
    }

    @Test
    void changeWhenItIsOfAnAdministratorsClientThenWaits() throws Exception {
        String admin = client("admin:read", "urn:postern:admin");
        String path = approvalOf(call(alice, "PUT", "/admin/v1/clients/auditor", admin, "If-None-Match", "*"));
        assertThat(call(alice, "GET", "/admin/v1/clients/auditor", "").statusCode())
                .isEqualTo(404);
        assertThat(AdminPlatform.json(call(bob, "POST", path + "/approve", ""))
                        .path("result")
                        .path("client_id")
                        .stringValue(""))
                .isEqualTo("auditor");
        // Taking the scope away concerns an administrator as well.
        String plain = client("llm:invoke", "urn:postern:gateway");
        assertThat(call(alice, "PUT", "/admin/v1/clients/auditor", plain, "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(202);
        assertThat(call(alice, "PUT", "/admin/v1/clients/plain", plain, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
        assertThat(call(alice, "GET", "/admin/v1/approvals", "").body()).contains("auditor");
    }

    @Test
    void changeWhenItIsNotInOrderThenItDoesNotWait() throws Exception {
        assertProblem(
                call(alice, "POST", "/admin/v1/policies", "{\"surprise\":1}", "If-Match", "\"" + epoch() + "\""),
                422,
                "invalid");
        assertProblem(call(bob, "POST", "/admin/v1/approvals/none/approve", ""), 404, "not-found");
    }

    @Test
    void approvalWhenManyDecideAtOnceThenOneCounts() throws Exception {
        String path = waiting("/admin/v1/roles/raced");
        List<Agent> deciders =
                List.of(bob, platform.agent("console", "carol", ALL), platform.agent("console", "dave", ALL));
        List<Integer> statuses;
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            statuses = threads
                    .invokeAll(deciders.stream()
                            .<java.util.concurrent.Callable<Integer>>map(agent -> () ->
                                    agent.call("POST", path + "/approve", "").statusCode())
                            .toList())
                    .stream()
                    .map(future -> future.resultNow())
                    .toList();
        }
        assertThat(statuses).containsOnlyOnce(200);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void administrationWhenRedisIsAwayThenProofsAreRefusedAndCertificatesGoOn() throws Exception {
        platform.stopRedis();
        assertProblem(alice.get("/admin/v1/scopes"), 503, "unavailable");
        HttpClient with = platform.client(platform.gateway.sslContext());
        String bearer = "Bearer " + certificateToken();
        assertThat(platform.send(with, "GET", "/admin/v1/scopes", "", "Authorization", bearer)
                        .statusCode())
                .isEqualTo(200);
        assertProblem(
                platform.send(with, "GET", "/admin/v1/sessions", "", "Authorization", bearer), 503, "unavailable");
        HttpResponse<String> revoked = platform.send(
                with,
                "POST",
                "/admin/v1/revocations",
                "{\"kind\":\"session\",\"value\":\"s-redis-away\",\"reason\":\"key-lost\"}",
                "Authorization",
                bearer);
        assertThat(revoked.statusCode()).isEqualTo(201);
        assertThat(AdminPlatform.json(revoked).path("on_feed").booleanValue()).isFalse();
        // Those who follow read it here meanwhile.
        HttpResponse<String> snapshot = platform.send(with, "GET", "/v1/trust/snapshot", "");
        String payload = new String(
                Base64.getUrlDecoder().decode(snapshot.body().split("\\.", -1)[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(payload).contains("s-redis-away");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void changeWhenItCannotBeRecordedThenNotMade() throws Exception {
        platform.service.getBean(AuditTrail.class).close();
        HttpClient with = platform.client(platform.gateway.sslContext());
        String[] headers = {"Authorization", "Bearer " + certificateToken(), "If-None-Match", "*"};
        assertProblem(
                platform.send(with, "PUT", "/admin/v1/scopes/not:made", "{\"description\":\"x\"}", headers),
                503,
                "audit-unavailable");
        assertProblem(
                platform.send(
                        with,
                        "POST",
                        "/admin/v1/revocations",
                        "{\"kind\":\"session\",\"value\":\"s\",\"reason\":\"r\"}",
                        headers),
                503,
                "audit-unavailable");
        assertThat(platform.send(with, "GET", "/admin/v1/scopes/not:made", "", headers)
                        .statusCode())
                .isEqualTo(404);
    }

    private String certificateToken() throws Exception {
        byte[] certificate = platform.gateway.current().leaf().getEncoded();
        String thumbprint = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate));
        return platform.sign(
                platform.claims("console", "urn:postern:admin", "admin", "admin:read admin:clients admin:revoke")
                        .claim("cnf", Map.of("x5t#S256", thumbprint)));
    }

    private String waiting(String role) throws IOException, InterruptedException {
        return approvalOf(call(alice, "PUT", role, "{\"scopes\":[\"llm:invoke\"]}", "If-None-Match", "*"));
    }

    private static String approvalOf(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return "/admin/v1/approvals/" + AdminPlatform.json(response).path("id").stringValue("");
    }

    private String client(String scope, String audience) {
        return """
                {"tenant":"acme","auth":"private_key_jwt","jwks":%s,"scopes":["%s"],"audiences":["%s"]}
                """.formatted(platform.demoKey.jwks(), scope, audience);
    }

    private long epoch() throws IOException, InterruptedException {
        return AdminPlatform.json(call(alice, "GET", "/admin/v1/policies/current", ""))
                .path("version")
                .asLong();
    }

    private HttpResponse<String> call(Agent agent, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> response = agent.call(method, path, body, headers);
        assertThat(description.problems(method, path, body, response.statusCode(), response.body()))
                .as(method + " " + path + " " + response.body())
                .isEmpty();
        return response;
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
    }
}

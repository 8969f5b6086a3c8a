package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// Policies, with roles and budgets, and what explains them: effective rights, dry runs, denials.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AdminPolicyTest extends AdminFixture {
    @Test
    void policyWhenPublishedThenInForceAndOnRecord() throws Exception {
        long before = epoch();
        String policy = """
                {"description":"Closed at night.","rules":[
                  {"id":"allow-all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"night","effect":"deny","phases":["session"],"when":"now.hour < 6","description":"Closed."}]}
                """;
        HttpResponse<String> published = publish(policy);
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
        assertThat(epoch()).isEqualTo(before + 1);
        assertThat(platform.event("dev.postern.policy.published", "security/alice", "\"epoch\":" + (before + 1)))
                .isNotNull();
        assertThat(call("GET", "/admin/v1/policies/" + before, "").statusCode()).isEqualTo(200);
        assertThat(AdminPlatform.json(call("GET", "/admin/v1/policies?limit=1", ""))
                        .path("items")
                        .path(0)
                        .path("version")
                        .asLong())
                .isEqualTo(before + 1);
        assertProblem(
                call("POST", "/admin/v1/policies", policy, "If-Match", "\"" + before + "\""),
                412,
                "precondition-failed");
        for (String other : List.of("0", "x", "99999", "-1")) {
            assertProblem(call("GET", "/admin/v1/policies/" + other, ""), 404, "not-found");
        }
    }

    @Test
    void policyWhenItLocksItsPublisherOutThenNeverPublished() throws Exception {
        long before = epoch();
        String policy = """
                {"rules":[{"id":"allow-all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"no-admin","effect":"deny","phases":["issue"],"when":"%s"}]}
                """;
        HttpResponse<String> refused = publish(policy.formatted("token.use == 'admin'"));
        assertProblem(refused, 422, "invalid");
        assertThat(refused.body()).contains("locks you out").contains("no-admin");
        assertThat(epoch()).isEqualTo(before);
        assertThat(publish(policy.formatted("token.use == 'admin' && client.id != 'security'"))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void policyWhenThereIsNoConditionThenRefused() throws Exception {
        String policy = "{\"rules\":[{\"id\":\"a\",\"effect\":\"allow\",\"when\":\"true\"}]}";
        assertProblem(call("POST", "/admin/v1/policies", policy), 428, "precondition-required");
    }

    @Test
    void policyWhenItDoesNotCompileThenNeverPublished() throws Exception {
        long before = epoch();
        HttpResponse<String> refused = publish(
                "{\"rules\":[{\"id\":\"r\",\"effect\":\"deny\",\"phases\":[\"session\"],\"when\":\"no.such\"}]}");
        assertProblem(refused, 422, "invalid");
        assertThat(refused.body()).contains("/rules/0/when");
        assertProblem(publish("{\"surprise\":1}"), 422, "invalid");
        assertProblem(publish("{\"minimum_epoch\":\"all\"}"), 422, "invalid");
        assertThat(epoch()).isEqualTo(before);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void policyWhenItDemandsNewTokensThenOldOnesAreOutdated() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
        assertThat(introspect(token).path("active").booleanValue()).isTrue();
        String policy = "{\"minimum_epoch\":\"this\",\"rules\":[{\"id\":\"a\",\"effect\":\"allow\","
                + "\"phases\":[\"issue\",\"session\"],\"when\":\"true\"}]}";
        assertThat(publish(policy).statusCode()).isEqualTo(201);
        assertThat(introspect(token).path("active").booleanValue()).isFalse();
    }

    @Test
    void roleAndBudgetWhenChangedThenNextPolicyVersion() throws Exception {
        String role = "/admin/v1/roles/" + name();
        String budget = "/admin/v1/budgets/" + name();
        String roleDocument = "{\"scopes\":[\"llm:invoke\"],\"models\":[\"simulator-*\"],\"topics\":[]}";
        HttpResponse<String> created = call("PUT", role, roleDocument, "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertProblem(call("PUT", role, roleDocument, "If-None-Match", "*"), 412, "precondition-failed");
        String limit = "{\"tenant\":\"acme\",\"client\":\"*\",\"model\":\"*\",\"requests_per_minute\":60}";
        HttpResponse<String> limited = call("PUT", budget, limit, "If-None-Match", "*");
        assertThat(limited.statusCode()).as(limited.body()).isEqualTo(201);
        String current = "\"" + epoch() + "\"";
        assertProblem(call("PUT", budget, limit.replace("60", "-1"), "If-Match", current), 422, "invalid");
        HttpResponse<String> wrong = call("PUT", role, "{\"surprise\":[]}", "If-Match", current);
        assertProblem(wrong, 422, "invalid");
        assertThat(wrong.body()).contains("\"/surprise\"");
        assertThat(AdminPlatform.json(call("GET", budget, ""))
                        .path("requests_per_minute")
                        .asInt())
                .isEqualTo(60);
        assertThat(call("GET", "/admin/v1/roles", "").body()).contains("simulator-*");
        assertThat(call("GET", "/admin/v1/budgets", "").body()).contains("requests_per_minute");
        assertThat(call("DELETE", role, "", "If-Match", current).statusCode()).isEqualTo(204);
        assertProblem(call("DELETE", budget, "", "If-Match", current), 412, "precondition-failed");
        assertThat(call("DELETE", budget, "", "If-Match", "\"" + epoch() + "\"").statusCode())
                .isEqualTo(204);
        assertProblem(call("GET", role, ""), 404, "not-found");
        assertProblem(call("GET", budget, ""), 404, "not-found");
    }

    @Test
    void effectiveWhenAClientHasRolesThenTheyNarrowIt() throws Exception {
        String role = name();
        call(
                "PUT",
                "/admin/v1/roles/" + role,
                "{\"scopes\":[\"llm:*\"],\"models\":[\"simulator-*\"],\"topics\":[\"orders.*\"]}",
                "If-None-Match",
                "*");
        String name = name();
        String document = client("llm:invoke", "audit:read").replaceFirst("\\{", "{\"roles\":[\"" + role + "\"],");
        assertThat(call("PUT", "/admin/v1/clients/" + name, document, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
        JsonNode effective = AdminPlatform.json(call("GET", "/admin/v1/clients/" + name + "/effective", ""));
        assertThat(effective.path("scopes").toString()).isEqualTo("[\"llm:invoke\"]");
        assertThat(effective.path("models").toString()).isEqualTo("[\"simulator-*\"]");
        assertThat(effective.path("rules").size()).isPositive();
    }

    @Test
    void dryRunWhenFactsAreGivenThenExplainedWithoutEffect() throws Exception {
        long before = epoch();
        String request = """
                {"phase":"session","facts":{"now":"2026-11-25T03:00:00Z",
                 "client":{"id":"demo","tenant":"acme","sensitivity_clearance":"internal"}},
                 "policy":{"rules":[
                  {"id":"all","effect":"allow","phases":["session"],"when":"true"},
                  {"id":"night","effect":"deny","phases":["session"],"when":"now.hour < 6","description":"Closed."}]}}
                """;
        JsonNode night = AdminPlatform.json(call("POST", "/admin/v1/policies/dry-run", request));
        assertThat(night.path("allowed").booleanValue()).isFalse();
        assertThat(night.path("rule").stringValue("")).isEqualTo("night");
        assertThat(AdminPlatform.json(call("POST", "/admin/v1/policies/dry-run", request.replace("T03", "T13")))
                        .path("allowed")
                        .booleanValue())
                .isTrue();
        assertThat(epoch()).isEqualTo(before);
        for (String wrong : List.of(
                request.replace("\"session\",\"facts\"", "\"never\",\"facts\""),
                request.replace("\"client\":", "\"clients\":"),
                "{\"phase\":\"session\"}")) {
            assertProblem(call("POST", "/admin/v1/policies/dry-run", wrong), 422, "invalid");
        }
    }

    @Test
    void denialWhenTheGatewayKeptItThenExplainedByThePolicyOfThatTime() throws Exception {
        String policy = """
                {"rules":[{"id":"all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"no-demo","effect":"deny","phases":["session"],"when":"client.id == 'demo'","description":"No."}]}
                """;
        long epoch = AdminPlatform.json(publish(policy)).path("version").asLong();
        publish(policy.replace("no-demo", "renamed"));
        platform.redis.sync().set("postern:denial:req-1", """
                        {"policy_version":%d,"phase":"session","rule":"no-demo",
                         "facts":{"now":"2026-11-25T03:00:00Z",
                          "client":{"id":"demo","tenant":"acme","sensitivity_clearance":"internal"}}}
                        """.formatted(epoch));
        HttpResponse<String> response = call("GET", "/admin/v1/denials/req-1", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(AdminPlatform.json(response).path("explanation").path("rule").stringValue(""))
                .isEqualTo("no-demo");
        platform.redis.sync().set("postern:denial:req-2", "nonsense");
        assertProblem(call("GET", "/admin/v1/denials/req-2", ""), 404, "not-found");
        assertProblem(call("GET", "/admin/v1/denials/req-3", ""), 404, "not-found");
    }

    /// In place of the version in force.
    private HttpResponse<String> publish(String policy, String... headers) throws IOException, InterruptedException {
        String[] all = Stream.concat(Arrays.stream(headers), Stream.of("If-Match", "\"" + epoch() + "\""))
                .toArray(String[]::new);
        return call("POST", "/admin/v1/policies", policy, all);
    }

    private long epoch() throws IOException, InterruptedException {
        return AdminPlatform.json(call("GET", "/admin/v1/policies/current", ""))
                .path("version")
                .asLong();
    }
}

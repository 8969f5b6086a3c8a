package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redacting.TestPlatform;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/// Policies: who may see and change them, how they change, and what a dry run says.
@ExtendWith(OutputCaptureExtension.class)
final class PolicyRestTest extends RestFixture {
    @Test
    void callerWhenScopeIsMissingThenRefused() throws Exception {
        for (String scope : List.of("redaction:analyze", "redaction:redact", "redaction:restore", "admin:policies")) {
            assertProblem(call("GET", "/v1/policies", scope, "").answer(), 403, "insufficient-scope");
            assertProblem(
                    call("PUT", "/v1/policies", scope, POLICY)
                            .with("If-None-Match", "*")
                            .answer(),
                    403,
                    "insufficient-scope");
            assertProblem(
                    call("DELETE", "/v1/policies", scope, "")
                            .with("If-Match", "\"1\"")
                            .answer(),
                    403,
                    "insufficient-scope");
            assertProblem(
                    call("POST", "/v1/policies/dry-run", scope, "{\"text\":\"x\"}")
                            .answer(),
                    403,
                    "insufficient-scope");
        }
    }

    @Test
    void peerWhenItIsNotTheOperatorThenRefused() throws Exception {
        for (String peer : List.of("gateway-service", "inference-relay", "operator/monitor")) {
            for (String method : List.of("GET", "DELETE")) {
                Call call = call(method, "/v1/policies", POLICIES, "").with("If-Match", "\"1\"");
                assertProblem(call.as(TestPlatform.identity(peer)), 403, "peer-not-allowed");
            }
        }
    }

    @Test
    void changeWhenNoVersionIsNamedThenRefused() throws Exception {
        assertProblem(call("PUT", "/v1/policies", POLICIES, PLAIN).answer(), 428, "precondition-required");
        assertProblem(put(PLAIN, "If-Match", "1"), 400, "malformed");
        assertProblem(put(PLAIN, "If-Match", "*"), 400, "malformed");
        assertProblem(put(PLAIN, "If-Match", "\"1\""), 404, "not-found");
        assertProblem(call("GET", "/v1/policies", POLICIES, "").answer(), 404, "not-found");
    }

    @Test
    void documentWhenWrongThenItsMembersAreNamedAndNoValues() throws Exception {
        HttpResponse<String> refused = put("""
            {"labels":{"internal":{"actions":{"EMAIL":"shred"},"allow":["Falcon","?"],"threshold":1}}}
            """, "If-None-Match", "*");
        assertProblem(refused, 422, "invalid");
        assertThat(JSON.readTree(refused.body()).path("errors").values())
                .extracting(error -> error.path("pointer").stringValue())
                .containsExactlyInAnyOrder(
                        "/labels/internal", "/labels/internal/actions/EMAIL", "/labels/internal/allow/1");
        assertThat(refused.body()).doesNotContain("Falcon");
        assertProblem(put("[]", "If-None-Match", "*"), 400, "malformed");
        assertProblem(put("{\"labels\":", "If-None-Match", "*"), 400, "malformed");
        assertProblem(put("{\"labels\":{},\"labels\":{}}", "If-None-Match", "*"), 400, "malformed");
        assertProblem(put(" ".repeat(4097), "If-None-Match", "*"), 413, "too-large");
    }

    @Test
    void policyWhenItHoldsHalfOfASurrogatePairThenItIsReadAsItWas() throws Exception {
        String document = "{\"description\":\"a \\ud83d\",\"labels\":{\"internal\":{\"allow\":[\"\\ude00 b\"]}}}";
        HttpResponse<String> created = put(document, "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        HttpResponse<String> read = call("GET", "/v1/policies", POLICIES, "").answer();
        assertThat(JSON.readTree(read.body()).path("policy")).isEqualTo(JSON.readTree(document));
    }

    @Test
    void policyWhenPutThenItIsReadAsItWasAndCountsAtOnce(CapturedOutput output) throws Exception {
        HttpResponse<String> created = put(POLICY, "If-None-Match", "*");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
        HttpResponse<String> read = call("GET", "/v1/policies", POLICIES, "").answer();
        assertThat(read.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(read.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(JSON.readTree(read.body()).path("policy")).isEqualTo(JSON.readTree(POLICY));
        assertThat(JSON.readTree(read.body()).path("author").stringValue()).isEqualTo("guardian");

        assertProblem(put(PLAIN, "If-None-Match", "*"), 412, "precondition-failed");
        assertProblem(put(PLAIN, "If-Match", "\"2\""), 412, "precondition-failed");
        HttpResponse<String> second = put(PLAIN, "If-Match", "\"1\"");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.headers().firstValue("ETag")).contains("\"2\"");
        String digest = JSON.readTree(second.body()).path("digest").stringValue();
        assertThat(everything(home))
                .contains("dev.postern.redaction.policy-published", digest, tenant)
                .doesNotContain("Falcon", "Jane Doe");
        assertThat(output.getAll()).doesNotContain("Falcon", "Jane Doe");
    }

    @Test
    void policyWhenDeletedThenTheStandardOneCountsAndVersionsGoOn() throws Exception {
        assertProblem(call("DELETE", "/v1/policies", POLICIES, "").answer(), 428, "precondition-required");
        assertProblem(delete("If-None-Match", "*"), 400, "malformed");
        assertProblem(delete("If-Match", "\"1\""), 404, "not-found");
        put(POLICY, "If-None-Match", "*");
        assertThat(redact("jane@acme.example", "internal").path("text").stringValue())
                .startsWith("****");
        assertProblem(delete("If-Match", "\"2\""), 412, "precondition-failed");
        assertThat(delete("If-Match", "\"1\"").statusCode()).isEqualTo(204);
        assertThat(redact("jane@acme.example", "internal").path("text").stringValue())
                .startsWith("EMAIL_");
        assertProblem(call("GET", "/v1/policies", POLICIES, "").answer(), 404, "not-found");
        assertProblem(put(PLAIN, "If-Match", "\"2\""), 404, "not-found");
        HttpResponse<String> again = put(PLAIN, "If-None-Match", "*");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.headers().firstValue("ETag")).contains("\"3\"");
        assertThat(everything(home)).contains("dev.postern.redaction.policy-withdrawn");
    }

    @Test
    void puttersWhenAtTheSameTimeThenOneWins() throws Exception {
        assertThat(put(PLAIN, "If-None-Match", "*").statusCode()).isEqualTo(201);
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(() -> put(POLICY, "If-Match", "\"1\"").statusCode());
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> call : threads.invokeAll(calls)) {
                statuses.add(call.get());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 412, 412, 412, 412, 412);
    }

    @Test
    void dryRunWhenMadeThenSaysWhatWouldHappenAndKeepsNothing() throws Exception {
        String text = "\uD83D\uDE00 jane@acme.example, 4111 1111 1111 1111";
        JsonNode run = dryRun(JSON.createObjectNode().put("text", text).put("offsets", "code-points"));
        assertThat(run.path("text").stringValue()).matches("\uD83D\uDE00 EMAIL_\\w{6}, CARD_\\w{6}");
        assertThat(run.at("/changes/0").toString())
                .contains("\"start\":2,\"end\":19,\"entity\":\"EMAIL\"", "\"action\":\"pseudonymise\"");
        String pseudonyms = run.path("text").stringValue();
        JsonNode restored = JSON.readTree(call(
                        "POST",
                        "/v1/restore",
                        "redaction:restore",
                        JSON.createObjectNode()
                                .put("text", pseudonyms)
                                .put("conversation", "c")
                                .toString())
                .answer()
                .body());
        assertThat(restored.path("text").stringValue()).isEqualTo(pseudonyms);

        JsonNode tried = dryRun(JSON.createObjectNode().put("text", text).set("policy", JSON.readTree(POLICY)));
        assertThat(tried.path("blocked").toString()).isEqualTo("[\"CARD\"]");
        assertThat(tried.path("text").stringValue("")).isEmpty();
        assertThat(tried.at("/changes/0/replacement").stringValue()).isEqualTo("****@****.****ple");
        assertThat(tried.at("/changes/0/start").intValue()).as("UTF-16").isEqualTo(3);
        assertProblem(call("GET", "/v1/policies", POLICIES, "").answer(), 404, "not-found");

        HttpResponse<String> wrong = call(
                        "POST", "/v1/policies/dry-run", POLICIES, "{\"text\":\"x\",\"policy\":{\"labels\":{}}}")
                .answer();
        assertProblem(wrong, 422, "invalid");
        assertThat(wrong.body()).contains("\"/policy/labels\"");
        assertProblem(
                call("POST", "/v1/policies/dry-run", POLICIES, "{\"text\":\"x\",\"lable\":\"y\"}")
                        .answer(),
                400,
                "malformed");
    }
}

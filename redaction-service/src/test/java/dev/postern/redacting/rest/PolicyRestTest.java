package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.redacting.RedactionServiceApplication;
import dev.postern.redacting.TestPlatform;
import dev.postern.redacting.engine.PolicySource;
import dev.postern.redacting.policy.PoliciesInForce;
import dev.postern.test.OpenApiDocument;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Over real mTLS, with real tokens. Each test has a tenant of its own; each exchange is held against the interface's
/// description.
@SpringBootTest(
        classes = {RedactionServiceApplication.class, TestPlatform.class, PolicyRestTest.Breaking.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
final class PolicyRestTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .sslContext(TestPlatform.identity("operator/cli").sslContext())
            .build();
    private static final String POLICIES = "redaction:policies";
    private static final String PLAIN = "{\"labels\":{\"internal\":{}}}";
    private static final String POLICY = """
        {"description":"Desk","labels":{
          "public":{"actions":{"*":"keep"}},
          "internal":{
            "actions":{"EMAIL":"mask","IP":"generalise","PHONE":"hash","CARD":"block","SSN":"block","PASSWORD":"keep"},
            "deny":{"CUSTOM":["Project Falcon"]},
            "allow":["Jane Doe"]}}}
        """;

    private static final OpenApiDocument DESCRIPTION = OpenApiDocument.load("/openapi/redaction-v1.json");

    @TempDir
    static Path home;

    @Autowired
    RequestMappingHandlerMapping requestMappingHandlerMapping;

    @LocalServerPort
    int port;

    private final String tenant = "t-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        TestPlatform.alone(registry, home);
        registry.add("postern.redaction.policies.largest-document", () -> "4KB");
        registry.add("postern.redaction.rest.most-texts", () -> "3");
    }

    @Test
    void descriptionWhenComparedWithTheServiceThenEveryOperationIsInItAndNoOther() {
        Set<String> served = new TreeSet<>();
        requestMappingHandlerMapping
                .getHandlerMethods()
                .keySet()
                .forEach(info -> info.getPatternValues()
                        .forEach(pattern -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + pattern))));
        served.removeIf(operation -> !operation.contains(" /v1/"));
        assertThat(DESCRIPTION.operations()).isEqualTo(served);
        assertThat(DESCRIPTION.problemsOfExamples()).isEmpty();
    }

    @Test
    void descriptionWhenReadThenNeedsNoToken() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestPlatform.identity("operator/monitor").sslContext())
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/openapi.json"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("openapi").stringValue())
                    .isEqualTo("3.1.0");
        }
    }

    /// What the description says of policies is what is read.
    @Test
    void exampleWhenPutThenTaken() throws Exception {
        JsonNode example =
                DESCRIPTION.operation("PUT", "/v1/policies").at("/requestBody/content/application~1json/example");
        assertThat(put(example.toString(), "If-None-Match", "*").statusCode()).isEqualTo(201);
        HttpResponse<String> every =
                call("POST", "/v1/policies/dry-run", POLICIES, """
                    {"text":"x","policy":{"labels":{"internal":{"actions":
                      {"CARD":"keep","IBAN":"mask","AGE":"generalise","EMAIL":"hash","PHONE":"pseudonymise","MAC":"remove","SSN":"block"},
                      "thresholds":{"*":0.3,"SECRET":1},"allow":["ab"],"deny":{"CUSTOM":["ab"]},"languages":["de","fr"]}}}}
                    """).answer();
        assertThat(every.statusCode()).as(every.body()).isEqualTo(200);
    }

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
    void textWhenRedactedThenAsThePolicySaysForItsLabel() throws Exception {
        put(POLICY, "If-None-Match", "*");
        String text = "Jane Doe and John Miller of Project Falcon, jane@acme.example, 203.0.113.77, password: hunter2x";
        JsonNode internal = redact(text, "internal");
        assertThat(internal.path("text").stringValue())
                .matches("Jane Doe and PERSON_\\w{6} of CUSTOM_\\w{6}, \\Q****@****.****ple\\E, "
                        + "\\Q203.0.113.0/24\\E, password: hunter2x");
        assertThat(internal.path("found").propertyNames()).containsExactlyInAnyOrder("PERSON", "CUSTOM", "EMAIL", "IP");
        assertThat(redact(text, "").path("text").stringValue()).startsWith("Jane Doe and PERSON_");
        assertThat(redact(text, "public").path("text").stringValue())
                .isEqualTo(text.replace("hunter2x", "[PASSWORD removed]"));
        assertThat(redact(text, "no-such-label").path("text").stringValue())
                .doesNotContain("Jane", "Miller", "Falcon", "acme", "ple,", "203", "hunter2x");
    }

    @Test
    void textWhenItHoldsLoneSurrogatesThenTheyStay() throws Exception {
        for (String path : List.of("/v1/analyze", "/v1/redact", "/v1/restore", "/v1/policies/dry-run")) {
            String scope = path.contains("policies") ? POLICIES : "redaction:" + path.substring("/v1/".length());
            String conversation =
                    path.equals("/v1/redact") || path.equals("/v1/restore") ? ",\"conversation\":\"c\"" : "";
            HttpResponse<String> answer = call(
                            "POST",
                            path,
                            scope,
                            "{\"text\":\"a \\ud83d b \\ude00 jane@acme.example\"" + conversation + "}")
                    .answer();
            assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
        }
    }

    @Test
    void languageWhenGivenThenGoesBeforeThePolicys() throws Exception {
        String text = "the card of it is 86095742719, steuer-id. ";
        double plain = score("");
        double german = score("[\"de\",\"en\"]");
        assertThat(german).isGreaterThan(plain);
        put(
                "{\"labels\":{\"internal\":{\"languages\":[\"en\"],\"thresholds\":{\"*\":" + (plain + german) / 2
                        + "}}}}",
                "If-None-Match",
                "*");
        ObjectNode call = JSON.createObjectNode().put("text", text).put("conversation", "c");
        assertThat(call("POST", "/v1/redact", "redaction:redact", call.toString())
                        .answer()
                        .body())
                .contains("86095742719");
        call.put("language", "de-AT");
        assertThat(call("POST", "/v1/redact", "redaction:redact", call.toString())
                        .answer()
                        .body())
                .doesNotContain("86095742719");
    }

    /// Of a German number by a policy for texts in some languages.
    private double score(String languages) throws Exception {
        String policy =
                "{\"labels\":{\"internal\":{" + (languages.isEmpty() ? "" : "\"languages\":" + languages) + "}}}";
        return dryRun(JSON.createObjectNode()
                        .put("text", "the card of it is 86095742719, steuer-id. ")
                        .set("policy", JSON.readTree(policy)))
                .at("/changes/0/score")
                .doubleValue();
    }

    @Test
    void hashWhenMadeTwiceThenTheSameInAllConversationsOfTheTenantAlone() throws Exception {
        put(POLICY, "If-None-Match", "*");
        String one = redactIn("one", "call 555-123-4567").path("text").stringValue();
        assertThat(one).matches("call \\[PHONE #[0-9a-f]{16}]");
        assertThat(redactIn("two", "call 555-123-4567").path("text").stringValue())
                .isEqualTo(one);
        String other = "t-" + UUID.randomUUID();
        new Call("PUT", "/v1/policies", other, POLICIES, POLICY)
                .with("If-None-Match", "*")
                .answer();
        String others = new Call(
                        "POST",
                        "/v1/redact",
                        other,
                        "redaction:redact",
                        "{\"text\":\"call 555-123-4567\",\"conversation\":\"one\"}")
                .answer()
                .body();
        assertThat(JSON.readTree(others).path("text").stringValue())
                .startsWith("call [PHONE #")
                .isNotEqualTo(one);
    }

    @Test
    void textWhenThePolicyBlocksItThenRefusedWithItsKindsAndNoValues() throws Exception {
        put(POLICY, "If-None-Match", "*");
        HttpResponse<String> refused = call(
                        "POST",
                        "/v1/redact",
                        "redaction:redact",
                        "{\"texts\":[\"fine\",\"card 4111 1111 1111 1111\",\"ssn"
                                + " 536-22-8726\"],\"conversation\":\"c\"}")
                .answer();
        assertProblem(refused, 403, "policy-blocked");
        assertThat(JSON.readTree(refused.body()).path("errors").values())
                .extracting(error -> error.path("detail").stringValue())
                .containsExactly("CARD", "SSN");
        assertThat(refused.body()).doesNotContain("4111", "8726");
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

    /// An engine that fails when it looks at the texts of some tenants.
    @TestConfiguration(proxyBeanMethods = false)
    static class Breaking {
        @Bean
        @Primary
        PolicySource breaking(PoliciesInForce policies) {
            return (tenant, label) -> {
                if (tenant.startsWith("throws-")) {
                    throw new IllegalStateException("broke on jane@acme.example");
                }
                if (tenant.startsWith("overflows-")) {
                    throw new StackOverflowError("broke on jane@acme.example");
                }
                return policies.terms(tenant, label);
            };
        }
    }

    @Test
    void textWhenTheEngineFailsThenRefusedAuditedAndNothingOfItIsTold(CapturedOutput output) throws Exception {
        for (String broken : List.of("throws-" + UUID.randomUUID(), "overflows-" + UUID.randomUUID())) {
            HttpResponse<String> refused = new Call(
                            "POST",
                            "/v1/redact",
                            broken,
                            "redaction:redact",
                            "{\"text\":\"mail jane@acme.example\",\"conversation\":\"c\"}")
                    .answer();
            assertProblem(refused, 500, "internal");
            assertThat(refused.body()).doesNotContain("jane", "broke");
        }
        Awaitility.await().until(() -> everything(home).contains("\"reason\":\"internal\""));
        assertThat(output.getAll())
                .contains("IllegalStateException", "StackOverflowError")
                .doesNotContain("jane@acme.example");
    }

    @Test
    void textsWhenSentAsAListThenAnsweredAsOneAndPseudonymsAreShared() throws Exception {
        JsonNode redacted = JSON.readTree(call(
                        "POST",
                        "/v1/redact",
                        "redaction:redact",
                        "{\"texts\":[\"I am Jane Doe\",\"bye\",\"Doe here\"],\"conversation\":\"c\"}")
                .answer()
                .body());
        String first = redacted.at("/results/0/text").stringValue();
        assertThat(first).matches("I am PERSON_\\w{6}");
        assertThat(redacted.at("/results/1/text").stringValue()).isEqualTo("bye");
        assertThat(redacted.at("/results/2/text").stringValue()).matches("PERSON_\\w{6} here");
        JsonNode restored = JSON.readTree(call(
                        "POST",
                        "/v1/restore",
                        "redaction:restore",
                        "{\"texts\":[\"" + first + "\",\"PERSON_000000\"],\"conversation\":\"c\"}")
                .answer()
                .body());
        assertThat(restored.at("/results/0/text").stringValue()).isEqualTo("I am Jane Doe");
        assertThat(restored.at("/results/1/unresolved").intValue()).isEqualTo(1);
        JsonNode analyzed = JSON.readTree(call(
                        "POST",
                        "/v1/analyze",
                        "redaction:analyze",
                        "{\"texts\":[\"\uD83D\uDE00"
                                + " a@b.example\"],\"offsets\":\"code-points\",\"taxonomy\":\"presidio\"}")
                .answer()
                .body());
        assertThat(analyzed.at("/results/0/spans/0").toString())
                .contains("\"start\":2,\"end\":13,\"entity\":\"EMAIL_ADDRESS\"");
        assertThat(analyzed.at("/results/0/unit").stringValue()).isEqualTo("code-points");

        for (String wrong : List.of(
                "{\"texts\":[]}",
                "{\"texts\":[1]}",
                "{\"texts\":[\"a\",\"b\",\"c\",\"d\"]}",
                "{\"texts\":[\"a\"],\"text\":\"b\"}",
                "{\"text\":\"a\",\"offsets\":\"bytes\"}",
                "{\"text\":\"a\",\"taxonomy\":\"linnaeus\"}",
                "{\"text\":\"a\",\"label\":7}",
                "{\"text\":\"a\",\"text\":\"b\"}",
                "{\"text\":\"a\"} x")) {
            HttpResponse<String> refused =
                    call("POST", "/v1/analyze", "redaction:analyze", wrong).answer();
            assertProblem(refused, 400, "malformed");
            assertThat(JSON.readTree(refused.body()).path("errors").size())
                    .as(wrong)
                    .isEqualTo(1);
        }
    }

    @Test
    void conversationWhenForgottenThenItsPseudonymsStayAndEachCallIsOnRecord() throws Exception {
        String pseudonym = redactIn("c", "I am Jane Doe").path("text").stringValue();
        String mangled = "PERSON_" + (pseudonym.endsWith("0") ? "000001" : "000002");
        String texts = "{\"texts\":[\"" + pseudonym + " " + mangled + "\"],\"conversation\":\"c\"}";
        JsonNode before = JSON.readTree(
                call("POST", "/v1/restore", "redaction:restore", texts).answer().body());
        assertThat(before.at("/results/0").toString())
                .isEqualTo("{\"text\":\"I am Jane Doe " + mangled
                        + "\",\"unresolved\":1,\"mangled\":1,\"vault\":\"answered\"}");

        String forget = "{\"conversation\":\"c\"}";
        assertProblem(call("POST", "/v1/forget", "redaction:restore", forget).answer(), 403, "insufficient-scope");
        for (String wrong : List.of("{}", "{\"conversation\":\"\"}", "{\"conversation\":\"c\",\"text\":\"x\"}")) {
            assertProblem(call("POST", "/v1/forget", "redaction:redact", wrong).answer(), 400, "malformed");
        }
        assertThat(call("POST", "/v1/forget", "redaction:redact", forget)
                        .answer()
                        .body())
                .isEqualTo("{\"forgotten\":true}");
        assertThat(call("POST", "/v1/forget", "redaction:redact", forget)
                        .answer()
                        .body())
                .isEqualTo("{\"forgotten\":false}");
        JsonNode after = JSON.readTree(
                call("POST", "/v1/restore", "redaction:restore", texts).answer().body());
        assertThat(after.at("/results/0/text").stringValue()).isEqualTo(pseudonym + " " + mangled);
        assertThat(after.at("/results/0/unresolved").intValue()).isEqualTo(2);
        assertThat(everything(home.resolve("data/redaction-service/audit-spool")))
                .contains(tenant, "/v1/restore", "/v1/forget")
                .doesNotContain("Jane");
    }

    private JsonNode redact(String text, String label) throws Exception {
        HttpResponse<String> answer = call(
                        "POST",
                        "/v1/redact",
                        "redaction:redact",
                        JSON.createObjectNode()
                                .put("text", text)
                                .put("label", label)
                                .put("conversation", "c")
                                .toString())
                .answer();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode redactIn(String conversation, String text) throws Exception {
        return JSON.readTree(call(
                        "POST",
                        "/v1/redact",
                        "redaction:redact",
                        JSON.createObjectNode()
                                .put("text", text)
                                .put("conversation", conversation)
                                .toString())
                .answer()
                .body());
    }

    private JsonNode dryRun(JsonNode body) throws Exception {
        HttpResponse<String> answer =
                call("POST", "/v1/policies/dry-run", POLICIES, body.toString()).answer();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> delete(String condition, String value) throws Exception {
        return call("DELETE", "/v1/policies", POLICIES, "")
                .with(condition, value)
                .answer();
    }

    private HttpResponse<String> put(String document, String condition, String value) throws Exception {
        return call("PUT", "/v1/policies", POLICIES, document)
                .with(condition, value)
                .answer();
    }

    private Call call(String method, String path, String scope, String body) throws Exception {
        return new Call(method, path, tenant, scope, body);
    }

    private final class Call {
        private final HttpRequest.Builder request;
        private final String method;
        private final String path;
        private final String body;

        Call(String method, String path, String tenant, String scope, String body) throws Exception {
            this.method = method;
            this.path = path;
            this.body = body;
            String token = TestPlatform.token("guardian", tenant, "urn:postern:redaction", scope);
            request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(20))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        }

        Call with(String header, String value) {
            request.header(header, value);
            return this;
        }

        HttpResponse<String> answer() throws Exception {
            return by(CLIENT);
        }

        HttpResponse<String> as(WorkloadIdentity peer) throws Exception {
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(peer.sslContext()).build()) {
                return by(client);
            }
        }

        private HttpResponse<String> by(HttpClient client) throws Exception {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(DESCRIPTION.problems(method, path, body, answer.statusCode(), answer.body()))
                    .isEmpty();
            return answer;
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("code").stringValue()).isEqualTo(code);
    }

    private static String everything(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}

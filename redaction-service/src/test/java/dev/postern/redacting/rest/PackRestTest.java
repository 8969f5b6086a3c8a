package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rule packs of single tenants: they come with the tenant's policy, look for its values alone, and cost nobody else.
@ExtendWith(OutputCaptureExtension.class)
final class PackRestTest extends RestFixture {
    private static final String STAFF = """
            {"entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"},
                          "CUSTOM_DOOR": {"kind": "DOOR", "action": "remove"}},
             "keys": {"CUSTOM_STAFF": ["staff no"]},
             "rules": [{"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.9,
                        "examples": ["is «EMP-004711» in?"], "counter-examples": ["EMP-1"]},
                       {"id": "door", "entity": "CUSTOM_DOOR", "pattern": "\\\\d{4}", "score": 0.2,
                        "context-score": 0.9, "context": ["door code"], "examples": ["door code «4711»"]}]}
            """;
    private static final String TEXT = "EMP-123456 has door code 4711, says jane@acme.example.";

    private static String policy(String label, String pack) {
        return "{\"labels\":{\"internal\":" + label + "},\"pack\":" + pack + "}";
    }

    @Test
    void packWhenPutThenItsValuesAreReplacedRestoredAndReported(CapturedOutput output) throws Exception {
        HttpResponse<String> created = put(policy("{}", STAFF), "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode redacted = redact(TEXT, "internal");
        String text = redacted.path("text").stringValue();
        assertThat(text).matches("STAFF_\\w{6} has door code \\[CUSTOM_DOOR removed], says EMAIL_\\w{6}\\.");
        assertThat(redacted.path("found").propertyNames())
                .containsExactlyInAnyOrder("CUSTOM_STAFF", "CUSTOM_DOOR", "EMAIL");
        JsonNode restored = post("/v1/restore", "redaction:restore", conversation(text + " STAFF_000000"));
        assertThat(restored.path("text").stringValue())
                .startsWith("EMP-123456 has door code [CUSTOM_DOOR removed], says jane@acme.example.");
        assertThat(restored.path("unresolved").intValue())
                .as("an own kind's pseudonym that nobody gave")
                .isEqualTo(1);
        assertThat(post(
                                "/v1/analyze",
                                "redaction:analyze",
                                JSON.createObjectNode().put("text", TEXT))
                        .toString())
                .contains("CUSTOM_STAFF", "CUSTOM_DOOR", "EMAIL");
        assertThat(everything(home)).doesNotContain("EMP-123456", "EMP-004711");
        assertThat(output.getAll()).doesNotContain("EMP-123456", "EMP-004711", "door code");
    }

    @Test
    void packWhenAnotherTenantsThenNothingIsFoundByIt() throws Exception {
        put(policy("{}", STAFF), "If-None-Match", "*");
        String other = "t-" + UUID.randomUUID();
        HttpResponse<String> analysis = new Call(
                        "POST",
                        "/v1/analyze",
                        other,
                        "redaction:analyze",
                        JSON.createObjectNode().put("text", TEXT).toString())
                .answer();
        assertThat(analysis.body()).contains("EMAIL").doesNotContain("CUSTOM");
    }

    @Test
    void policyWhenItNamesItsPacksEntitiesThenTheyAreTreatedSo() throws Exception {
        String label = "{\"actions\":{\"STAFF\":\"mask\",\"CUSTOM_DOOR\":\"block\"}}";
        put(policy(label, STAFF), "If-None-Match", "*");
        assertThat(redact("it is EMP-123456.", "internal").path("text").stringValue())
                .isEqualTo("it is ***-****56.");
        HttpResponse<String> blocked = call(
                        "POST",
                        "/v1/redact",
                        "redaction:redact",
                        conversation(TEXT).toString())
                .answer();
        assertProblem(blocked, 403, "policy-blocked");
        assertThat(blocked.body()).contains("DOOR").doesNotContain("4711");
    }

    @Test
    void dryRunWhenItBringsAPackThenTriesItAndKeepsNothing() throws Exception {
        ObjectNode run = JSON.createObjectNode().put("text", TEXT);
        run.set("policy", JSON.readTree(policy("{}", STAFF)));
        assertThat(dryRun(run).path("text").stringValue()).contains("STAFF_", "[CUSTOM_DOOR removed]", "EMAIL_");
        assertThat(dryRun(JSON.createObjectNode().put("text", TEXT))
                        .path("text")
                        .stringValue())
                .contains("EMP-123456", "4711");
        run.set("policy", JSON.readTree(policy("{}", STAFF.replace("EMP-1\"", "EMP-100000\""))));
        HttpResponse<String> refused =
                call("POST", "/v1/policies/dry-run", POLICIES, run.toString()).answer();
        assertProblem(refused, 422, "invalid");
        assertThat(JSON.readTree(refused.body()).at("/errors/0").toString())
                .contains("/policy/pack", "Rule staff finds something in its counter-example 1.");
    }

    @Test
    void packWhenWrongThenOneSentenceSaysWhereAndNothingChanges() throws Exception {
        HttpResponse<String> refused =
                put(policy("{}", STAFF.replace("EMP-\\\\d{6}", "EMP-\\\\d+")), "If-None-Match", "*");
        assertProblem(refused, 422, "invalid");
        assertThat(JSON.readTree(refused.body()).at("/errors/0").toString())
                .contains("\"/pack\"", "Rule staff must have a pattern whose every repetition is bounded.");
        assertProblem(put(policy("{}", "[]"), "If-None-Match", "*"), 422, "invalid");
        assertProblem(call("GET", "/v1/policies", POLICIES, "").answer(), 404, "not-found");
    }

    @Test
    void rulesWhenTheyTakeTooLongThenTheTextIsRefusedAndOthersGoOn() throws Exception {
        String rules = IntStream.range(0, 20).mapToObj(i -> """
                        {"id": "r%d", "entity": "EMAIL", "pattern": "a{0,20}a{0,20}a{0,20}b", "bounds": "none",
                         "needs": ["aa"], "score": 0.9, "examples": ["«aab»"]}
                        """.formatted(i)).collect(Collectors.joining(","));
        HttpResponse<String> created = put(policy("{}", "{\"rules\":[" + rules + "]}"), "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        ObjectNode hostile = conversation("a".repeat(20_000));
        assertProblem(
                call("POST", "/v1/redact", "redaction:redact", hostile.toString())
                        .answer(),
                422,
                "pack-too-costly");
        hostile.remove("conversation");
        assertProblem(
                call("POST", "/v1/analyze", "redaction:analyze", hostile.toString())
                        .answer(),
                422,
                "pack-too-costly");
        assertProblem(
                call("POST", "/v1/policies/dry-run", POLICIES, hostile.toString())
                        .answer(),
                422,
                "pack-too-costly");
        assertThat(redact("mail jane@acme.example", "internal").path("text").stringValue())
                .startsWith("mail EMAIL_");
    }

    private static ObjectNode conversation(String text) {
        return JSON.createObjectNode().put("text", text).put("conversation", "c");
    }

    private JsonNode post(String path, String scope, ObjectNode body) throws Exception {
        HttpResponse<String> answer = call("POST", path, scope, body.toString()).answer();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}

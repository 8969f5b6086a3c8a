package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Texts under a policy of their tenant.
final class TextByPolicyTest extends RestFixture {
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
}

package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/// Texts without a policy: lists, conversations, bad input, and an engine that fails.
@ExtendWith(OutputCaptureExtension.class)
final class TextRestTest extends RestFixture {
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
            assertThat(JSON.readTree(answer.body()).path("text").stringValue("a \ud83d b \ude00 "))
                    .as(path)
                    .startsWith("a \ud83d b \ude00 ");
        }
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
}

package dev.postern.redacting.wire;

import static dev.postern.redacting.wire.TestRelay.cancel;
import static dev.postern.redacting.wire.TestRelay.event;
import static dev.postern.redacting.wire.TestRelay.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redacting.RedactionServiceApplication;
import dev.postern.redacting.TestPlatform;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.Reply.StepCase;
import dev.postern.redaction.v1.Request;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        classes = {RedactionServiceApplication.class, TestPlatform.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
final class RedactionServiceTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final WorkloadIdentity RELAY = TestPlatform.identity("inference-relay");
    private static final WorkloadIdentity GATEWAY = TestPlatform.identity("gateway-service");
    private static final String CHAT =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"I am Jane Doe, jane@acme.example\"}]}";

    @TempDir
    static Path home;

    @Autowired
    RedactionServer server;

    @Autowired
    ExchangeService exchanges;

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        TestPlatform.alone(registry, home);
    }

    @Test
    void relaysPromptIsRedactedAndItsStreamedAnswerRestored() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(7, CHAT));
            Reply redacted = relay.reply();
            String body = redacted.getPrompt().getBody().toStringUtf8();
            assertThat(body).doesNotContain("Jane", "Doe", "acme").contains("\"model\":\"m\"");
            assertThat(redacted.getPrompt().getFoundMap())
                    .containsEntry("PERSON", 1)
                    .containsEntry("EMAIL", 1);
            String person = body.replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");

            List<ByteString> out = new ArrayList<>();
            relay.send(event(7, chunk("Hello " + person.substring(0, 9)), false));
            out.addAll(relay.reply().getAnswer().getDataList());
            relay.send(event(7, chunk(person.substring(9) + ", bye PERS"), false), event(7, "", true));
            out.addAll(relay.reply().getAnswer().getDataList());
            Reply last = relay.reply();
            assertThat(last.getAnswer().getLast()).isTrue();
            out.addAll(last.getAnswer().getDataList());
            StringBuilder text = new StringBuilder();
            for (ByteString data : out) {
                text.append(JSON.readTree(data.toByteArray())
                        .at("/choices/0/delta/content")
                        .stringValue());
            }
            assertThat(text).hasToString("Hello Jane Doe, bye PERS");

            relay.send(event(7, chunk("late"), false));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
        }
    }

    @Test
    void promptIsRedactedByItsTenantsPolicyForItsLabel() throws Exception {
        publish("labelled", "If-None-Match", "*", """
                {"labels":{"internal":{"actions":{"EMAIL":"mask","CUSTOM":"remove"},"deny":{"CUSTOM":["doe"]}},"public":{"actions":{"*":"keep"}}}}
                """);
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(of("labelled", "", 1), of("labelled", "public", 2), of("labelled", "?", 3), of("none", "?", 4));
            String internal = relay.reply().getPrompt().getBody().toStringUtf8();
            assertThat(internal)
                    .contains("****@****.****ple", "[CUSTOM removed]")
                    .doesNotContain("jane@", "Doe");
            assertThat(relay.reply().getPrompt().getBody().toStringUtf8()).isEqualTo(CHAT);
            assertThat(relay.reply().getPrompt().getBody().toStringUtf8())
                    .contains("EMAIL_", "[CUSTOM removed]")
                    .doesNotContain("jane@", "Doe", "****");
            assertThat(relay.reply().getPrompt().getBody().toStringUtf8()).contains("EMAIL_", "PERSON_");
        }
    }

    /// A tenant's own pack both ways: in the prompt, in what the model writes itself, and in what it gives back.
    @Test
    void packOfThePolicyLooksThroughPromptAndAnswer() throws Exception {
        publish("packed", "If-None-Match", "*", """
                {"labels": {"internal": {"actions": {"CUSTOM_DOOR": "remove"}}},
                 "pack": {
                   "entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"},
                                "CUSTOM_DOOR": {"kind": "DOOR", "action": "remove"}},
                   "rules": [{"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.9,
                              "examples": ["«EMP-004711»"]},
                             {"id": "door", "entity": "CUSTOM_DOOR", "pattern": "\\\\d{4}", "score": 0.2,
                              "context-score": 0.9, "context": ["door code"], "examples": ["door code «4711»"]}]}}
                """);
        Request.Builder prompt = prompt(
                1,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"let EMP-123456 in, door code 4711\"}]}");
        prompt.getPromptBuilder().setTenant("packed");
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt);
            Reply redacted = relay.reply();
            String body = redacted.getPrompt().getBody().toStringUtf8();
            assertThat(body).contains("in, door code [CUSTOM_DOOR removed]").doesNotContain("EMP", "4711");
            assertThat(redacted.getPrompt().getFoundMap())
                    .containsOnly(Map.entry("CUSTOM_STAFF", 1), Map.entry("CUSTOM_DOOR", 1));
            String staff = body.replaceAll("(?s).*(STAFF_\\w{6}).*", "$1");
            relay.send(event(1, chunk("Sorry, " + staff + ", the new door c"), false));
            relay.send(event(1, chunk("ode is 08"), false), event(1, chunk("15 now."), false), event(1, "", true));
            StringBuilder text = new StringBuilder();
            for (Reply reply = relay.reply(); ; reply = relay.reply()) {
                for (ByteString data : reply.getAnswer().getDataList()) {
                    text.append(JSON.readTree(data.toByteArray())
                            .at("/choices/0/delta/content")
                            .stringValue());
                }
                if (reply.getAnswer().getLast()) {
                    break;
                }
            }
            assertThat(text).hasToString("Sorry, EMP-123456, the new door code is [CUSTOM_DOOR removed] now.");
        }
        assertThat(scrape())
                .contains("postern_redaction_removed_total{entity=\"CUSTOM\"")
                .doesNotContain("STAFF", "DOOR");
    }

    @Test
    void exchangeKeepsThePolicyItBeganWith() throws Exception {
        publish("changing", "If-None-Match", "*", "{\"labels\":{\"internal\":{}}}");
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(of("changing", "", 1));
            String body = relay.reply().getPrompt().getBody().toStringUtf8();
            String person = body.replaceAll("(?s).*(PERSON_\\w{6}).*", "$1");
            publish(
                    "changing",
                    "If-Match",
                    "\"1\"",
                    "{\"labels\":{\"internal\":{\"actions\":{\"PERSON\":\"block\",\"EMAIL\":\"block\"}}}}");
            relay.send(event(1, chunk("Hello " + person), true), of("changing", "", 2));
            assertThat(relay.reply().getAnswer().getDataList().stream()
                            .map(ByteString::toStringUtf8)
                            .toList()
                            .toString())
                    .contains("Jane Doe");
            Reply blocked = relay.reply();
            assertThat(blocked.getRefused().getCode()).isEqualTo("policy-blocked");
            assertThat(blocked.getRefused().getKindsList()).containsExactly("EMAIL", "PERSON");
            assertThat(blocked.toString()).doesNotContain("Jane", "acme");
            relay.send(event(2, "{}", true));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
        }
    }

    /// By its operator.
    private void publish(String tenant, String condition, String version, String policy) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestPlatform.identity("operator/cli").sslContext())
                .build()) {
            HttpRequest put = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/policies"))
                    .header(
                            "Authorization",
                            "Bearer "
                                    + TestPlatform.token(
                                            "guardian", tenant, "urn:postern:redaction", "redaction:policies"))
                    .header(condition, version)
                    .timeout(Duration.ofSeconds(10))
                    .PUT(BodyPublishers.ofString(policy))
                    .build();
            assertThat(client.send(put, BodyHandlers.ofString()).statusCode()).isBetween(200, 201);
        }
    }

    private static Request.Builder of(String tenant, String label, long exchange) {
        Request.Builder request = prompt(exchange, CHAT);
        request.getPromptBuilder().setTenant(tenant).setLabel(label);
        return request;
    }

    @Test
    void secretThatTheModelWroteIsLeftOutOfItsStream() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(
                    prompt(8, CHAT),
                    event(8, chunk("use ghp_16C7e42F292c6912"), false),
                    event(8, chunk("E7710c838347Ae178B4a, or mail bob@"), false),
                    event(8, chunk("example.org"), false),
                    event(8, "", true));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                for (ByteString data : relay.reply().getAnswer().getDataList()) {
                    text.append(JSON.readTree(data.toByteArray())
                            .at("/choices/0/delta/content")
                            .stringValue());
                }
                assertThat(text.toString()).doesNotContain("ghp_");
            }
            // Personal data of its own stays unless it is configured otherwise.
            assertThat(text).hasToString("use [ACCESS_TOKEN removed], or mail bob@example.org");
        }
    }

    @Test
    void refusalEndsItsOwnExchangeOnly() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(
                    prompt(1, "{\"a\":"),
                    prompt(2, CHAT),
                    prompt(3, "{\"a\":\"" + "x".repeat(1 << 20) + "\"}"),
                    prompt(2, CHAT));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("malformed");
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("too-large");
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
        }
    }

    @Test
    void cancelFreesTheExchange() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, CHAT), cancel(1), event(1, chunk("x"), false));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
        }
    }

    @Test
    void anotherServiceIsRefused() throws Exception {
        try (TestRelay gateway = TestRelay.as(GATEWAY, server.port())) {
            gateway.send(prompt(1, CHAT));
            assertThat(gateway.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void noCertificateIsRefused() throws Exception {
        try (TestRelay nobody =
                new TestRelay(server.port(), TlsChannelCredentials.newBuilder().trustManager(RELAY.trustManager()))) {
            nobody.send(prompt(1, CHAT));
            assertThat(nobody.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void textsAreAnalysedRedactedAndRestoredOverRest() throws Exception {
        String text = "{\"text\":\"call Jane Doe at 555-123-4567\",\"conversation\":\"c\"}";
        HttpResponse<String> analysis = post("/v1/analyze", "redaction:analyze", text);
        assertThat(JSON.readTree(analysis.body()).at("/spans/0/start").intValue())
                .isEqualTo(5);
        assertThat(analysis.body()).contains("PERSON", "PHONE", "utf-16").doesNotContain("Jane");

        JsonNode redacted =
                JSON.readTree(post("/v1/redact", "redaction:redact", text).body());
        assertThat(redacted.path("text").stringValue()).matches("call PERSON_\\w{6} at PHONE_\\w{6}");

        String back = "{\"text\":\"" + redacted.path("text").stringValue() + "\",\"conversation\":\"c\"}";
        HttpResponse<String> restored = post("/v1/restore", "redaction:restore", back);
        assertThat(JSON.readTree(restored.body()).path("text").stringValue())
                .isEqualTo("call Jane Doe at 555-123-4567");
        HttpResponse<String> stranger = post("/v1/restore", "other-client", "redaction:restore", back);
        assertThat(stranger.body()).doesNotContain("Jane").contains("\"unresolved\":2");
    }

    @Test
    void scopeAudienceBodyAndSizeAreChecked() throws Exception {
        assertProblem(post("/v1/restore", "redaction:redact", "{\"text\":\"x\",\"conversation\":\"c\"}"), 403);
        assertProblem(post("/v1/redact", "redaction:redact", "{\"text\":\"x\"}"), 400);
        assertProblem(post("/v1/analyze", "redaction:analyze", "{\"text\":1}"), 400);
        assertProblem(post("/v1/analyze", "redaction:analyze", "{\"text\":"), 400);
        assertProblem(post("/v1/analyze", "redaction:analyze", " ".repeat((1 << 20) + 1)), 413);
        HttpResponse<String> wrongAudience =
                send(TestPlatform.token("demo", "urn:postern:gateway", "redaction:analyze"), "/v1/analyze", "{}");
        assertProblem(wrongAudience, 401);
        assertThat(wrongAudience.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    @Test
    void metricsNameEntitiesAndNeverTexts() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, CHAT));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(exchanges.openExchanges()).isPositive();
        }
        assertThat(scrape())
                .contains("postern_redaction_seconds_count{", "postern_redaction_entities_total{entity=\"EMAIL\"")
                .contains("postern_redaction_exchanges", "postern_redaction_conversations")
                .doesNotContain("Jane", "acme");
    }

    private String scrape() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestPlatform.identity("operator/monitor").sslContext())
                .build()) {
            HttpRequest scrape = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + managementPort + "/actuator/prometheus"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return client.send(scrape, BodyHandlers.ofString()).body();
        }
    }

    private HttpResponse<String> post(String path, String scope, String body) throws Exception {
        return post(path, "demo", scope, body);
    }

    private HttpResponse<String> post(String path, String client, String scope, String body) throws Exception {
        return send(TestPlatform.token(client, "urn:postern:redaction", scope), path, body);
    }

    private HttpResponse<String> send(String token, String path, String body) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(GATEWAY.sslContext()).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(10))
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    private static String chunk(String content) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"},\"finish_reason\":null}]}";
    }
}

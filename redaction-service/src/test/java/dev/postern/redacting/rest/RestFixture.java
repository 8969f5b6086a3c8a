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
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service over real mTLS, with real tokens. Each test has a tenant of its own; each exchange is held against the
/// interface's description.
@SpringBootTest(
        classes = {RedactionServiceApplication.class, TestPlatform.class, RestFixture.Breaking.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
abstract class RestFixture {
    static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .sslContext(TestPlatform.identity("operator/cli").sslContext())
            .build();
    static final String POLICIES = "redaction:policies";
    static final String PLAIN = "{\"labels\":{\"internal\":{}}}";
    static final String POLICY = """
        {"description":"Desk","labels":{
          "public":{"actions":{"*":"keep"}},
          "internal":{
            "actions":{"EMAIL":"mask","IP":"generalise","PHONE":"hash","CARD":"block","SSN":"block","PASSWORD":"keep"},
            "deny":{"CUSTOM":["Project Falcon"]},
            "allow":["Jane Doe"]}}}
        """;

    static final OpenApiDocument DESCRIPTION = OpenApiDocument.load("/openapi/redaction-v1.json");

    @TempDir
    static Path home;

    @LocalServerPort
    int port;

    final String tenant = "t-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        TestPlatform.alone(registry, home);
        registry.add("postern.redaction.policies.largest-document", () -> "4KB");
        registry.add("postern.redaction.rest.most-texts", () -> "3");
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

    JsonNode redact(String text, String label) throws Exception {
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

    JsonNode redactIn(String conversation, String text) throws Exception {
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

    JsonNode dryRun(JsonNode body) throws Exception {
        HttpResponse<String> answer =
                call("POST", "/v1/policies/dry-run", POLICIES, body.toString()).answer();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> delete(String condition, String value) throws Exception {
        return call("DELETE", "/v1/policies", POLICIES, "")
                .with(condition, value)
                .answer();
    }

    HttpResponse<String> put(String document, String condition, String value) throws Exception {
        return call("PUT", "/v1/policies", POLICIES, document)
                .with(condition, value)
                .answer();
    }

    Call call(String method, String path, String scope, String body) throws Exception {
        return new Call(method, path, tenant, scope, body);
    }

    final class Call {
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

    static void assertProblem(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("code").stringValue()).isEqualTo(code);
    }

    static String everything(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}

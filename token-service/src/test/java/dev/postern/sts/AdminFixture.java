package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.AdminPlatform.Agent;
import dev.postern.test.OpenApiDocument;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The token-service with its clients, and the administrator alice, who may do everything. Each of her calls is held
/// against the API's description.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway.Init")
abstract class AdminFixture {
    @TempDir
    private static Path home = Path.of("");

    final OpenApiDocument description = OpenApiDocument.load("/openapi/admin-v1.json");
    AdminPlatform platform;
    Agent alice;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        platform = new AdminPlatform(home);
        alice = platform.agent(
                "security", "alice", "admin:read", "admin:clients", "admin:policies", "admin:revoke", "admin:approve");
    }

    @AfterAll
    void stop() throws IOException {
        platform.close();
    }

    HttpResponse<String> call(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> response = alice.call(method, path, body, headers);
        assertThat(description.problems(method, path, body, response.statusCode(), response.body()))
                .as(method + " " + path + " " + response.body())
                .isEmpty();
        return response;
    }

    static String name() {
        return "n" + UUID.randomUUID().toString().substring(0, 8);
    }

    String client(String... scopes) {
        return client(platform.demoKey, scopes);
    }

    static String client(TestClientKey key, String... scopes) {
        return """
                {"tenant":"acme","auth":"private_key_jwt","jwks":%s,"scopes":%s,"audiences":["urn:postern:gateway"]}
                """.formatted(key.jwks(), AdminPlatform.JSON.writeValueAsString(scopes));
    }

    static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    JsonNode introspect(String token) throws IOException, InterruptedException {
        HttpResponse<String> response =
                platform.form("resource", platform.resourceKey, "/oauth2/introspect", Map.of("token", token));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return AdminPlatform.json(response);
    }
}

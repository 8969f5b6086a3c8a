package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;

/// The management port: for the platform's own identities only, and none of the edge's business.
class ManagementTest extends GatewayFixture {
    @LocalManagementPort
    int managementPort;

    private final HttpClient operator = HttpClient.newBuilder()
            .sslContext(PLATFORM.identity("operator/cli").sslContext())
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    @Test
    void managementWhenAskedWithAnIdentityThenHealthAndMetrics() throws Exception {
        model(stream -> stream.document("{}"));
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);

        HttpResponse<String> health = operator.send(management("/actuator/health"), BodyHandlers.ofString());
        HttpResponse<String> metrics = operator.send(management("/actuator/prometheus"), BodyHandlers.ofString());

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.headers().firstValue("Postern-Request-Id")).isEmpty();
        assertThat(metrics.body())
                .contains("postern_requests_seconds_count")
                .contains("postern_tokens_verified_total")
                .contains("postern_sessions_open")
                .contains("postern_gateway_added_seconds")
                .contains("postern_frames_rejected_total");
    }

    @Test
    void managementWhenAskedByAnotherServiceThenForbidden() throws Exception {
        try (HttpClient service = HttpClient.newBuilder()
                .sslContext(PLATFORM.identity("audit-service").sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            assertThat(service.send(management("/actuator/health"), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void managementWhenTheMonitorWantsARenewalThenForbiddenAndWhenTheOperatorDoesThenRenewed() throws Exception {
        HttpRequest renewal = HttpRequest.newBuilder(
                        management("/actuator/identity").uri())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try (HttpClient monitor = HttpClient.newBuilder()
                .sslContext(PLATFORM.identity("operator/monitor").sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            assertThat(monitor.send(management("/actuator/identity"), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(monitor.send(renewal, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
        long before = PLATFORM.gateway().renewals();
        assertThat(operator.send(renewal, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(PLATFORM.gateway().renewals()).isEqualTo(before + 1);
    }

    @Test
    void managementWhenAskedWithoutAnIdentityThenNoConnection() {
        assertThatThrownBy(() -> client.send(management("/actuator/health"), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void managementWhenAskedForTheApiThenNothingIsThere() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + managementPort + "/v1/models"))
                .header("Authorization", "Bearer " + PLATFORM.tokens().good())
                .build();

        assertThat(operator.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
    }

    private HttpRequest management(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + managementPort + path))
                .build();
    }
}

package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.client.Clients;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the platform's own services ask: the trust feed's snapshot, and containment.
final class ServiceEndpointsTest extends AdminFixture {
    @Test
    void snapshotWhenAServiceOfThePlatformAsksThenSigned() throws Exception {
        HttpResponse<String> response =
                platform.send(platform.client(platform.gateway.sslContext()), "GET", "/v1/trust/snapshot", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().split("\\.", -1)).hasSize(3);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void serviceEndpointWhenThePeerIsNotOfThePlatformThenRefused() throws Exception {
        assertProblem(platform.send("GET", "/v1/trust/snapshot", ""), 401, "client-certificate-required");
        assertProblem(platform.send("POST", "/v1/containments", "{}"), 401, "client-certificate-required");
        // A certificate of the same name that another authority issued gets through the handshake and no further.
        HttpClient stranger = platform.client(platform.as(platform.stranger));
        assertProblem(platform.send(stranger, "GET", "/v1/trust/snapshot", ""), 401, "client-certificate-required");
        HttpResponse<String> wrongService =
                platform.send(platform.client(platform.audit.sslContext()), "POST", "/v1/containments", "{}");
        assertProblem(wrongService, 403, "peer-not-allowed");
    }

    @Test
    void containmentWhenOrderedThenRevokedOncePerIncidentAndOnRecord() throws Exception {
        HttpClient gateway = platform.client(platform.gateway.sslContext());
        String order = """
                {"action":"revoke-session","session_id":"s-77","client_id":"demo","tenant":"acme","token_id":"t-1",
                 "rule":"spike","score":0.97}
                """;
        HttpResponse<String> first = platform.send(gateway, "POST", "/v1/containments", order);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode answer = AdminPlatform.json(first);
        assertThat(answer.path("repeated").booleanValue()).isFalse();
        assertThat(answer.path("revocations").path(0).path("value").stringValue(""))
                .isEqualTo("s-77");
        JsonNode again = AdminPlatform.json(platform.send(gateway, "POST", "/v1/containments", order));
        assertThat(again.path("repeated").booleanValue()).isTrue();
        assertThat(again.path("revocations").isEmpty()).isTrue();
        assertThat(platform.event("dev.postern.containment.ordered", "s-77").toString())
                .contains("\"score_permille\":970")
                .contains("gateway-service");
        MeterRegistry metrics = platform.service.getBean(MeterRegistry.class);
        assertThat(metrics.get("postern.containments")
                        .tag("action", "revoke-session")
                        .tag("outcome", "repeated")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void containmentWhenAClientIsRevokedThenDisabledUntilAPersonEnablesIt() throws Exception {
        String name = name();
        call("PUT", "/admin/v1/clients/" + name, client("llm:invoke"), "If-None-Match", "*");
        HttpClient gateway = platform.client(platform.gateway.sslContext());
        String order = "{\"action\":\"%s\",\"client_id\":\"" + name + "\",\"rule\":\"spike\",\"score\":1}";
        assertThat(AdminPlatform.json(platform.send(gateway, "POST", "/v1/containments", order.formatted("reissue")))
                        .path("revocations")
                        .path(0)
                        .path("kind")
                        .stringValue(""))
                .isEqualTo("client");
        assertThat(call("GET", "/admin/v1/clients/" + name, "").body()).contains("\"enabled\"");
        Instant asked = platform.clock.instant();
        JsonNode revoked = AdminPlatform.json(
                platform.send(gateway, "POST", "/v1/containments", order.formatted("revoke-client")));
        // A replica may issue for so long by what it remembers of the client.
        assertThat(Instant.parse(revoked.path("revocations").path(0).path("at").stringValue("")))
                .isAfter(asked.plus(Clients.BOUND));
        assertThat(call("GET", "/admin/v1/clients/" + name, "").body()).contains("\"disabled\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"revoke-session\",\"client_id\":\"demo\",\"rule\":\"r\",\"score\":1}",
                "{\"action\":\"revoke-all\",\"client_id\":\"demo\",\"rule\":\"r\",\"score\":1}",
                "{\"action\":\"reissue\",\"client_id\":\"demo\",\"rule\":\"r\",\"score\":2}",
                "{\"action\":\"reissue\",\"client_id\":\"demo\",\"rule\":\"r\"}",
                "{\"action\":\"reissue\",\"client_id\":\"demo\",\"rule\":\"r\",\"score\":1,\"prompt\":\"x\"}"
            })
    void containmentWhenTheOrderIsWrongThenRefused(String order) throws Exception {
        assertProblem(
                platform.send(platform.client(platform.gateway.sslContext()), "POST", "/v1/containments", order),
                422,
                "invalid");
    }
}

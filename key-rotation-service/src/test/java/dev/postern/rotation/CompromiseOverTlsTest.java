package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// Others' keys that are called compromised: for a drill, and for real.
final class CompromiseOverTlsTest extends RotationFixture {
    @Autowired
    CertificateAuthority authority;

    @Test
    void certificatesThatWereIssuedElsewhereCanBeDeniedOnceTheirHolderHasShownThem() throws Exception {
        // Of the same CA, and not asked for here: as a Vault's are.
        InMemoryAuthority.Grant grant = new InMemoryAuthority.Grant(
                DOMAIN.idOf("inference-relay"), InMemoryAuthority.LOCAL_HOSTS, Duration.ofHours(1));
        try (WorkloadIdentity elsewhere = WorkloadIdentity.issuedBy(
                        authority.issuerFor(grant), grant.spiffeId(), grant.hosts(), Clock.systemUTC());
                ServiceClient relay = as(elsewhere);
                ServiceClient cli = as(operator)) {
            String serial = elsewhere.current().leaf().getSerialNumber().toString(16);
            String compromise = "{\"mode\":\"drill\",\"kid\":\"" + serial + "\"}";
            assertThat(cli.get("/v1/keys").body()).doesNotContain(serial);

            var _ = relay.directory(0);
            var _ = relay.directory(0);

            assertThat(cli.get("/v1/keys").body()).containsOnlyOnce("\"kid\":\"" + serial + "\"");
            await().atMost(PATIENCE)
                    .until(() -> !cli.get("/v1/compromises").body().contains("\"finished\":false"));
            HttpResponse<String> denied = cli.post("/v1/keys/service-cert/compromise", compromise);
            assertThat(denied.statusCode()).as(denied.body()).isEqualTo(202);
            assertThat(cli.get("/v1/keys").body()).contains(serial);
        }
    }

    @Test
    void drillRunsFromTheCallToTheReport() throws Exception {
        try (ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator)) {
            String body = "{\"instance\":\"" + edge.instance + "\"}";
            var _ = edge.put("/v1/keys/tls-ticket/ticket-key-1", body);
            var _ = edge.put("/v1/keys/tls-ticket/ticket-key-2", body);
            var _ = edge.directory(0);
            assertProblem(
                    cli.post("/v1/keys/tls-ticket/compromise", "{\"mode\":\"drill\",\"kid\":\"ticket-key-1\"}"),
                    400,
                    "drill-of-one-key");
            // Another test's incident may be open.
            await().atMost(PATIENCE)
                    .until(() -> !cli.get("/v1/compromises").body().contains("\"finished\":false"));
            String drill = "{\"mode\":\"drill\",\"owner\":\"service/gateway-service\"}";
            HttpResponse<String> called = cli.post("/v1/keys/tls-ticket/compromise", drill);
            assertThat(called.statusCode()).as(called.body()).isEqualTo(202);
            assertProblem(cli.post("/v1/keys/tls-ticket/compromise", drill), 409, "drill-waits");
            JsonNode begun = JSON.readTree(called.body());
            assertThat(begun.path("kids").get(0).asString()).isEqualTo("ticket-key-1");
            assertThat(begun.path("activated").get(0).asString()).isEqualTo("ticket-key-2");
            long version = begun.path("version").asLong();

            JsonNode denied = verified(edge.directory(0));
            assertThat(state(denied, "ticket-key-1")).isEqualTo("COMPROMISED");
            var _ = edge.directory(version);
            var _ = edge.post("/v1/keys/tls-ticket/ticket-key-1/ended", body.replace("}", ",\"sessions\":2}"));
            var _ = edge.put("/v1/keys/tls-ticket/ticket-key-3", body);
            String report = "/v1/compromises/" + begun.path("id").asString();
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> JSON.readTree(cli.get(report).body())
                            .path("finished")
                            .asBoolean());
            JsonNode done = JSON.readTree(cli.get(report).body());
            assertThat(done.path("sessions_ended").asInt()).isEqualTo(2);
            assertThat(Set.copyOf(done.path("phases").propertyNames()))
                    .contains("called", "denied", "activated", "ended", "prepared");
            assertThat(cli.get("/v1/compromises").body())
                    .contains(begun.path("id").asString());
            assertProblem(cli.get("/v1/compromises/none"), 404, "unknown-incident");
            assertProblem(cli.post("/v1/keys/service-cert/compromise", "{\"mode\":\"drill\"}"), 400, "too-many-meant");
            assertProblem(cli.post("/v1/keys/tls-ticket/compromise", "{\"mode\":\"x\"}"), 400, "unknown-mode");
            assertProblem(cli.post("/v1/keys/tls-ticket/compromise", "{}"), 400, "malformed");
        }
    }

    @Test
    void realCompromiseWaitsForASecondPerson() throws Exception {
        try (ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator)) {
            var _ = edge.put("/v1/keys/challenge-mac/real-key-1", "{\"instance\":\"" + edge.instance + "\"}");
            HttpResponse<String> called =
                    cli.post("/v1/keys/challenge-mac/compromise", "{\"mode\":\"real\",\"kid\":\"real-key-1\"}");
            assertThat(called.statusCode()).isEqualTo(202);
            JsonNode waiting = JSON.readTree(called.body());
            assertThat(waiting.path("state").asString()).isEqualTo("pending");
            String approval =
                    "/v1/compromises/pending/" + waiting.path("approval").asString();
            assertProblem(cli.post(approval + "/approve", "{}"), 403, "second-person-required");
            assertThat(state(verified(edge.directory(0)), "real-key-1"))
                    .as("nothing has happened")
                    .isEqualTo("ACTIVE");

            try (WorkloadIdentity second = ServiceClient.join(HOME.get(), "operator/second", port);
                    ServiceClient other = as(second)) {
                assertThat(other.get("/v1/compromises/pending").body())
                        .contains(waiting.path("approval").asString());
                HttpResponse<String> approved = other.post(approval + "/approve", "{}");
                assertThat(approved.statusCode()).as(approved.body()).isEqualTo(202);
                assertThat(approved.body()).contains("\"mode\":\"real\"", "operator/cli", "operator/second");
                assertProblem(other.post(approval + "/approve", "{}"), 404, "unknown-call");
            }
            assertThat(state(verified(edge.directory(0)), "real-key-1")).isEqualTo("COMPROMISED");
        }
    }
}

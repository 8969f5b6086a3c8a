package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopNonces;
import dev.postern.trust.OwnTrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// Others' keys that are called compromised: for a drill, and for real.
final class CompromiseOverTlsTest extends RotationFixture {
    /// Of whoever takes a token: without a token-service there is no feed that says whose is good.
    @TestConfiguration(proxyBeanMethods = false)
    static class Trust {
        @Bean
        OwnTrustFeed trust(Clock clock) {
            return new OwnTrustFeed(clock);
        }
    }

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        withRedis(registry);
    }

    @Autowired
    CertificateAuthority authority;

    @Autowired
    DpopNonces nonces;

    @Autowired
    MeterRegistry meters;

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
            relay.leave();
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
            assertThat(done.path("silent").isEmpty() && done.path("owed").isEmpty())
                    .as("%s", done)
                    .isTrue();
            Set<String> phases = Set.of("denied", "activated", "published", "acknowledged", "ended", "prepared");
            Instant then = Instant.parse(done.path("phases").path("called").asString());
            assertThat(done.path("phases").propertyNames()).containsAll(phases);
            for (String phase : phases) {
                Timer recorded = meters.get("postern.keys.drill")
                        .tags("class", "tls-ticket", "phase", phase)
                        .timer();
                assertThat(recorded.count()).as(phase).isEqualTo(1);
                assertThat(Duration.ofNanos((long) recorded.totalTime(TimeUnit.NANOSECONDS)))
                        .as("%s in report and metric", phase)
                        .isEqualTo(Duration.between(
                                then,
                                Instant.parse(done.path("phases").path(phase).asString())));
            }
            assertThat(meters.get("postern.keys.compromises")
                            .tags("class", "tls-ticket", "mode", "drill", "outcome", "complete")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(cli.get("/v1/compromises").body())
                    .contains(begun.path("id").asString());
            assertProblem(cli.get("/v1/compromises/none"), 404, "unknown-incident");
            assertProblem(cli.post("/v1/keys/service-cert/compromise", "{\"mode\":\"drill\"}"), 400, "too-many-meant");
            assertProblem(cli.post("/v1/keys/tls-ticket/compromise", "{\"mode\":\"x\"}"), 400, "unknown-mode");
            assertProblem(cli.post("/v1/keys/tls-ticket/compromise", "{}"), 400, "malformed");
            edge.leave();
        }
    }

    @Test
    void twoPersonsByTokenCallAndApproveAndOneDoesNot() throws Exception {
        ECKey signing =
                new ECKeyGenerator(Curve.P_256).keyID("signs-for-persons").generate();
        try (ServiceClient its = as(signer);
                ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator);
                ServiceClient browser = anonymous()) {
            assertThat(its.put("/v1/keys/token-signing/signs-for-persons", registration(its, signing))
                            .statusCode())
                    .isEqualTo(200);
            var _ = edge.put("/v1/keys/challenge-mac/of-two-persons", "{\"instance\":\"" + edge.instance + "\"}");
            String compromise = "/v1/keys/challenge-mac/compromise";
            String real = "{\"mode\":\"real\",\"kid\":\"of-two-persons\"}";
            assertThat(browser.post(compromise, real, by(signing, "alice", "admin:read", compromise))
                            .statusCode())
                    .as("another scope")
                    .isEqualTo(403);
            HttpResponse<String> called =
                    browser.post(compromise, real, by(signing, "alice", "admin:keys", compromise));
            assertThat(called.statusCode()).as(called.body()).isEqualTo(202);
            JsonNode waiting = JSON.readTree(called.body());
            assertThat(waiting.path("called_by").asString()).isEqualTo("console/alice");
            String approve =
                    "/v1/compromises/pending/" + waiting.path("approval").asString() + "/approve";

            for (String person : List.of("alice", "console")) {
                assertProblem(
                        browser.post(approve, "{}", by(signing, person, "admin:keys", approve)),
                        403,
                        "second-person-required");
            }
            assertProblem(cli.post(approve, "{}"), 403, "second-person-required");
            assertThat(state(verified(edge.directory(0)), "of-two-persons")).isEqualTo("ACTIVE");
            HttpResponse<String> approved = browser.post(approve, "{}", by(signing, "bob", "admin:keys", approve));
            assertThat(approved.statusCode()).as(approved.body()).isEqualTo(202);
            assertThat(approved.body()).contains("\"called_by\":\"console/alice\"", "\"approved_by\":\"console/bob\"");
            assertThat(state(verified(edge.directory(0)), "of-two-persons")).isEqualTo("COMPROMISED");
            edge.leave();
        }
    }

    /// The headers of a request by somebody at the console.
    private String[] by(ECKey signing, String person, String scope, String path) {
        Clock clock = Clock.systemUTC();
        DpopKey key = DpopKey.generate(new SecureRandom(), clock);
        String token = new AdminTokens(signing, clock.instant())
                .token("console", person, "admin", scope, Map.of("jkt", key.thumbprint()));
        DpopExpectation expected = DpopExpectation.of("POST", "https://localhost:8943" + path)
                .forToken(token)
                .withNonce(nonces.current());
        return new String[] {"Authorization", "DPoP " + token, "DPoP", key.prove(expected)};
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
            edge.leave();
        }
    }
}

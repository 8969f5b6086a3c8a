package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectorySettings;
import dev.postern.token.KeyDirectory;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/// Keys and their directory from registration to retirement, and whom the service answers: a replica that was elected.
@TestPropertySource(properties = {"postern.rotation.election=lease", "postern.rotation.lease=3s"})
final class RotationOverTlsTest extends RotationFixture {
    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        withRedis(registry);
    }

    @Autowired
    RedisLink redis;

    @Autowired
    AuditTrail trail;

    @Test
    void keysGoFromRegistrationThroughRotationInASignedDirectory() throws Exception {
        ECKey first = new ECKeyGenerator(Curve.P_256).keyID("first-key").generate();
        ECKey spare = new ECKeyGenerator(Curve.P_256).keyID("spare-key").generate();
        AtomicReference<JsonNode> signerSees = new AtomicReference<>();
        AtomicReference<JsonNode> gatewaySees = new AtomicReference<>();
        long recorded = trail.state().appended();
        try (ServiceClient its = as(signer);
                ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator);
                // A third follower, as the other services have it.
                KeyDirectory library = KeyDirectory.follow(
                        new DirectorySettings(
                                URI.create("https://localhost:" + port),
                                "postern.local",
                                UUID.randomUUID().toString()),
                        gateway.httpClient(DOMAIN.idOf("key-rotation-service"), Duration.ofSeconds(3)),
                        () -> gateway.current().anchors(),
                        Clock.systemUTC())) {
            follow(its, signerSees);
            follow(edge, gatewaySees);
            assertThat(its.put("/v1/keys/token-signing/first-key", registration(its, first))
                            .statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> {
                follow(edge, gatewaySees);
                return state(follow(its, signerSees), "first-key").equals("ACTIVE");
            });
            assertThat(its.put("/v1/keys/token-signing/spare-key", registration(its, spare))
                            .body())
                    .contains("PREPARED");
            await().atMost(PATIENCE)
                    .until(() -> state(follow(edge, gatewaySees), "spare-key").equals("PREPARED"));
            follow(edge, gatewaySees);
            follow(its, signerSees);
            follow(its, signerSees);

            HttpResponse<String> rotated = cli.post("/v1/rotations", "{\"class\":\"token-signing\"}");
            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            assertThat(JSON.readTree(rotated.body()))
                    .isEqualTo(
                            JSON.readTree(
                                    "{\"class\":\"token-signing\",\"activated\":[\"spare-key\"],\"retiring\":[\"first-key\"]}"));
            JsonNode after = follow(edge, gatewaySees);
            assertThat(state(after, "spare-key")).isEqualTo("ACTIVE");
            assertThat(state(after, "first-key")).isEqualTo("RETIRING");
            await().atMost(PATIENCE)
                    .until(() -> library.snapshot()
                            .map(it -> it.of(its.instance, DirectoryKey.State.ACTIVE))
                            .filter(active -> active.size() == 1
                                    && active.getFirst().keyId().equals("spare-key"))
                            .isPresent());
            assertThat(library.find("first-key"))
                    .as("retiring keys still verify")
                    .contains(first.toECPublicKey());
            assertThat(library.state().refusals()).isZero();
            // Other tests' keys are in it, too.
            JsonNode listed = after.path("keys")
                    .valueStream()
                    .filter(key -> key.path("kid").asString().equals("spare-key"))
                    .findFirst()
                    .orElseThrow();
            assertThat(listed.path("class").asString()).isEqualTo("token-signing");
            assertThat(listed.path("owner").asString()).isEqualTo("spiffe://postern.local/service/token-service");
            assertThat(listed.path("instance").asString()).isEqualTo(its.instance);
            assertThat(ECKey.parse(listed.path("jwk").toString()).isPrivate()).isFalse();

            assertThat(cli.post("/v1/rotations", "{\"class\":\"token-signing\"}")
                            .body())
                    .as("the spare is used up")
                    .contains("no-spare");
            assertThat(cli.get("/v1/keys").body())
                    .contains("first-key", "RETIRING", "followers", "spiffe://postern.local/service/gateway-service");
            // Two registrations, activations, one retirement, two rotation wishes.
            assertThat(trail.state().appended()).isGreaterThanOrEqualTo(recorded + 7);
        }
    }

    @Test
    void ownersOfOtherClassesRegisterWhatTheirClassHas() throws Exception {
        try (ServiceClient edge = as(gateway)) {
            String symmetric = "{\"instance\":\"" + edge.instance + "\"}";
            assertThat(edge.put("/v1/keys/challenge-mac/mac-key-1", symmetric).body())
                    .as("nobody else uses it, so nobody is waited for")
                    .contains("ACTIVE");
            assertThat(edge.put("/v1/keys/challenge-mac/mac-key-2", symmetric).body())
                    .contains("PREPARED");
            assertProblem(
                    edge.put(
                            "/v1/keys/challenge-mac/mac-key-3",
                            "{\"instance\":\"" + edge.instance + "\",\"jwk\":{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}}"),
                    400,
                    "private-key-sent");
            assertProblem(
                    edge.put(
                            "/v1/keys/tls-ticket/ticket-1",
                            "{\"instance\":\"" + edge.instance + "\",\"jwk\":{\"kty\":\"x\"}}"),
                    400,
                    "no-public-part");
            assertProblem(edge.put("/v1/keys/no-such-class/some-key-id", symmetric), 400, "unknown-key-class");
            assertProblem(
                    edge.post(
                            "/v1/keys/challenge-mac/mac-key-1/ended",
                            "{\"instance\":\"" + edge.instance + "\",\"sessions\":0}"),
                    409,
                    "not-compromised");
            assertThat(edge.post(
                                    "/v1/keys/challenge-mac/mac-key-1/suspicions",
                                    "{\"trigger\":\"aead-failures\",\"count\":9}")
                            .body())
                    .contains("alert");
            assertProblem(
                    edge.post("/v1/keys/challenge-mac/mac-key-1/suspicions", "{\"trigger\":\"bad-mood\",\"count\":9}"),
                    400,
                    "unknown-trigger");
        }
    }

    @Test
    void whoEndsInGoodOrderIsMissedAtOnceAndWhoIsKilledIsNot() throws Exception {
        try (ServiceClient killed = as(gateway);
                ServiceClient cli = as(operator)) {
            var _ = killed.directory(0);
            String leaving = UUID.randomUUID().toString();
            KeyDirectory follower = KeyDirectory.follow(
                    new DirectorySettings(URI.create("https://localhost:" + port), "postern.local", leaving),
                    signer.httpClient(DOMAIN.idOf("key-rotation-service"), Duration.ofSeconds(3)),
                    () -> signer.current().anchors(),
                    Clock.systemUTC());
            await().atMost(PATIENCE).until(() -> cli.get("/v1/keys").body().contains(leaving));
            follower.close();
            assertThat(cli.get("/v1/keys").body()).doesNotContain(leaving).contains(killed.instance);
            assertThat(killed.get("/v1/directory?applied=0&instance=" + killed.instance + "&leaving=true")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(cli.get("/v1/keys").body()).doesNotContain(killed.instance);
            assertThat(cli.get("/v1/directory?leaving=true").statusCode())
                    .as("an operator counts as nobody")
                    .isEqualTo(200);
            assertProblem(
                    killed.get("/v1/directory?applied=0&leaving=perhaps&instance=" + killed.instance),
                    400,
                    "malformed");
        }
    }

    @Test
    void replicaThatStandsByIsNotReadyAndDecidesNothingUntilItLeads() throws Exception {
        try (ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator);
                ServiceClient management = new ServiceClient(managementPort, operator.sslContext())) {
            assertThat(management.get("/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
            String symmetric = "{\"instance\":\"" + edge.instance + "\"}";
            assertThat(edge.put("/v1/keys/tls-ticket/stands-by-1", symmetric).statusCode())
                    .isEqualTo(200);
            var lease = redis.connection().orElseThrow().sync();
            lease.hset("{postern:rotation}:lease", Map.of("by", "another", "fence", "99"));
            await().atMost(PATIENCE).until(() -> !ledger.leads());
            KeyRing before = ledger.ring();

            HttpResponse<String> readiness = management.get("/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body()).contains("\"keyLedger\":{\"status\":\"OUT_OF_SERVICE\"}");
            assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(cli.get("/v1/keys").body()).contains("\"leads\":false", "stands-by-1");
            String drill = "{\"mode\":\"drill\",\"owner\":\"service/gateway-service\"}";
            for (HttpResponse<String> refused : List.of(
                    edge.get("/v1/directory?applied=0&instance=" + edge.instance),
                    edge.get("/v1/directory?applied=0&leaving=true&instance=" + edge.instance),
                    edge.put("/v1/keys/tls-ticket/stands-by-2", symmetric),
                    edge.post(
                            "/v1/keys/tls-ticket/stands-by-1/ended",
                            "{\"instance\":\"" + edge.instance + "\",\"sessions\":0}"),
                    edge.post(
                            "/v1/keys/tls-ticket/stands-by-1/suspicions",
                            "{\"trigger\":\"aead-failures\",\"count\":1}"),
                    cli.post("/v1/rotations", "{\"class\":\"tls-ticket\"}"),
                    cli.post("/v1/rotations/pause", "{}"),
                    cli.post("/v1/rotations/resume", "{}"),
                    cli.post("/v1/keys/tls-ticket/compromise", drill),
                    cli.post("/v1/keys/tls-ticket/compromise", drill.replace("drill", "real")))) {
                assertThat(refused.body()).as("%s", refused.request()).contains("\"code\":\"stands-by\"");
                assertThat(refused.statusCode()).isEqualTo(503);
            }
            assertThat(cli.get("/v1/compromises/pending").body()).isEqualTo("[]");
            assertThat(gateway.renewNow()).as("no certificate either").failsWithin(PATIENCE);
            assertThat(ledger.ring()).isEqualTo(before);

            lease.del("{postern:rotation}:lease");
            await().atMost(PATIENCE).until(ledger::leads);
            assertThat(ledger.ring().version()).isGreaterThan(before.version());
            assertThat(management.get("/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
            assertThat(edge.put("/v1/keys/tls-ticket/stands-by-2", symmetric).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void pauseIsSeenAndTakenBack() throws Exception {
        try (ServiceClient cli = as(operator)) {
            assertThat(cli.post("/v1/rotations/pause", "{}").statusCode()).isEqualTo(200);
            assertThat(cli.get("/v1/keys").body()).contains("paused_since");
            assertThat(cli.post("/v1/rotations/resume", "{}").statusCode()).isEqualTo(200);
            assertThat(cli.get("/v1/keys").body()).doesNotContain("paused_since");
            assertThat(cli.get("/v1/rotations/plan").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void badBodiesAreProblems() throws Exception {
        try (ServiceClient its = as(signer);
                ServiceClient cli = as(operator);
                ServiceClient stranger = anonymous()) {
            assertProblem(its.post("/v1/identities/renew", "{"), 400, "malformed");
            assertProblem(its.post("/v1/identities/renew", "{\"csr\":\"x\"}"), 400, "certificate-request-refused");
            assertProblem(its.put("/v1/keys/token-signing/some-key-id", "{"), 400, "malformed");
            assertProblem(
                    its.put("/v1/keys/token-signing/some-key-id", "{\"instance\":\"x\",\"jwk\":{}}"), 400, "malformed");
            assertProblem(
                    its.put(
                            "/v1/keys/token-signing/some-key-id",
                            "{\"instance\":\"" + its.instance + "\",\"jwk\":{\"kty\":\"RSA\"}}"),
                    400,
                    "not-a-signing-key");
            assertProblem(its.get("/v1/directory?applied=x&instance=" + its.instance), 400, "malformed");
            assertProblem(its.get("/v1/directory?applied=0&instance=x"), 400, "malformed");
            assertProblem(its.get("/v1/directory"), 400, "malformed");
            assertProblem(cli.post("/v1/rotations", "{}"), 400, "malformed");
            assertProblem(cli.post("/v1/rotations", "{\"class\":\"no-such\"}"), 400, "unknown-key-class");
            assertProblem(stranger.post("/v1/identities/join", " ".repeat(33 * 1024)), 413, "too-large");
        }
    }

    @Test
    void everyCallIsForItsCallersOnly() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("gateway-key").generate();
        try (ServiceClient its = as(signer);
                ServiceClient edge = as(gateway);
                ServiceClient cli = as(operator);
                ServiceClient stranger = anonymous()) {
            assertProblem(stranger.get("/v1/directory?instance=" + its.instance), 401, "client-certificate-required");
            assertProblem(stranger.post("/v1/identities/renew", "{\"csr\":\"\"}"), 401, "client-certificate-required");
            assertProblem(stranger.get("/v1/keys"), 401, "client-certificate-required");
            assertProblem(
                    edge.put("/v1/keys/token-signing/gateway-key", registration(edge, key)), 403, "peer-not-allowed");
            assertProblem(
                    cli.put("/v1/keys/token-signing/gateway-key", registration(cli, key)), 403, "peer-not-allowed");
            assertProblem(edge.post("/v1/rotations", "{\"class\":\"token-signing\"}"), 403, "peer-not-allowed");
            assertProblem(its.post("/v1/rotations", "{\"class\":\"token-signing\"}"), 403, "peer-not-allowed");
            assertProblem(edge.get("/v1/keys"), 403, "peer-not-allowed");
            assertThat(verified(cli.directory(0)).path("version").asLong()).isPositive();
            assertProblem(
                    its.put("/v1/keys/relay-hpke/somebody-elses", registration(its, key)), 403, "peer-not-allowed");
            assertProblem(edge.put("/v1/keys/service-cert/0a0b0c0d0e", "{}"), 400, "malformed");
            assertProblem(
                    edge.put("/v1/keys/service-cert/0a0b0c0d0e", "{\"instance\":\"" + edge.instance + "\"}"),
                    403,
                    "peer-not-allowed");
            for (WorkloadIdentity peer : List.of(signer, gateway)) {
                try (ServiceClient refused = as(peer)) {
                    assertProblem(
                            refused.post("/v1/keys/token-signing/compromise", "{\"mode\":\"drill\"}"),
                            403,
                            "peer-not-allowed");
                    assertProblem(refused.post("/v1/rotations/pause", "{}"), 403, "peer-not-allowed");
                    assertProblem(refused.get("/v1/compromises"), 403, "peer-not-allowed");
                }
            }
            assertProblem(
                    cli.post("/v1/keys/token-signing/abcdefgh/suspicions", "{\"trigger\":\"x\",\"count\":1}"),
                    403,
                    "peer-not-allowed");
        }
    }

    @Test
    void metricsTellOfIdentitiesAndKeys() throws Exception {
        try (ServiceClient management = new ServiceClient(managementPort, operator.sslContext())) {
            assertThat(management.get("/actuator/prometheus").body())
                    .contains("postern_identity_issued_total{cause=\"join\",service=\"key-rotation-service\"}")
                    .contains("postern_keys_listed{service=\"key-rotation-service\",state=\"ACTIVE\"}")
                    .contains("postern_keys_directory_version")
                    .contains("postern_keys_work_waiting{class=\"kms-wrapping\",service=\"key-rotation-service\"}");
        }
    }

    /// One poll that acknowledges what the one before brought.
    private JsonNode follow(ServiceClient client, AtomicReference<JsonNode> seen) throws Exception {
        JsonNode last = seen.get();
        JsonNode next = verified(
                client.directory(last == null ? 0 : last.path("version").asLong()));
        seen.set(next);
        return next;
    }
}

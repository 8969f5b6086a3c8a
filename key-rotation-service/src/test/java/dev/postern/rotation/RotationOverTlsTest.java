package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import dev.postern.kms.WrappedValue;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectorySettings;
import dev.postern.token.IdentityJws;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TokenRejected;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over TLS, as services, an operator and strangers meet it.
@DirtiesContext
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.rotation.patience=2s",
            "postern.rotation.compromise.drills.allowed=true",
            "postern.rotation.operators=operator/cli,operator/second",
            "postern.rotation.report-patience=5s"
        })
final class RotationOverTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @Autowired
    AuditTrail trail;

    @Autowired
    KeyManagement kms;

    @Autowired
    CertificateAuthority authority;

    private WorkloadIdentity signer;
    private WorkloadIdentity gateway;
    private WorkloadIdentity operator;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory, registry));
    }

    @BeforeEach
    void join() {
        signer = ServiceClient.join(HOME.get(), "token-service", port);
        gateway = ServiceClient.join(HOME.get(), "gateway-service", port);
        operator = ServiceClient.join(HOME.get(), "operator/cli", port);
    }

    @AfterEach
    void leave() {
        signer.close();
        gateway.close();
        operator.close();
    }

    private ServiceClient as(WorkloadIdentity identity) {
        return new ServiceClient(port, identity.sslContext());
    }

    private ServiceClient anonymous() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {signer.trustManager()}, new SecureRandom());
        return new ServiceClient(port, tls);
    }

    private JsonNode verified(String compact) throws TokenRejected {
        return JSON.readTree(IdentityJws.verify(
                compact,
                "postern-directory+jwt",
                DOMAIN.idOf("key-rotation-service"),
                signer.current().anchors(),
                Clock.systemUTC(),
                1 << 20));
    }

    private static String registration(ServiceClient client, ECKey key) {
        return JSON.writeValueAsString(
                Map.of("instance", client.instance, "jwk", key.toPublicJWK().toJSONObject()));
    }

    private static String state(JsonNode directory, String kid) {
        for (JsonNode key : directory.path("keys")) {
            if (key.path("kid").asString().equals(kid)) {
                return key.path("state").asString();
            }
        }
        return "NONE";
    }

    /// One poll that acknowledges what the one before brought.
    private JsonNode follow(ServiceClient client, AtomicReference<JsonNode> seen) throws Exception {
        JsonNode last = seen.get();
        JsonNode next = verified(
                client.directory(last == null ? 0 : last.path("version").asLong()));
        seen.set(next);
        return next;
    }

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
            // Another test's denied certificate is in it, too.
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
    void ownTicketsTurnOverAndNothingOfBeforeIsResumed() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(new KeyManager[] {operator.keyManager()}, new TrustManager[] {operator.trustManager()}, null);
        try (ServiceClient cli = as(operator)) {
            await().atMost(PATIENCE).until(() -> ours(cli, "tls-ticket").equals(Set.of("ACTIVE", "PREPARED")));
            long before = sessionOf(tls);
            assertThat(sessionOf(tls)).as("resumed").isEqualTo(before);
            assertThat(cli.post(
                                    "/v1/rotations",
                                    "{\"class\":\"tls-ticket\",\"owner\":\"service/key-rotation-service\"}")
                            .statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> sessionOf(tls) > before);
        }
    }

    @Test
    void ownWrappingKeyIsRotatedAndEndedWithEverythingReadable() throws Exception {
        Path state = directory.resolve("data/key-rotation-service/platform-ca.json");
        try (ServiceClient cli = as(operator)) {
            await().atMost(PATIENCE).until(() -> ours(cli, "kms-wrapping").equals(Set.of("ACTIVE", "PREPARED")));
            assertProblem(
                    cli.post("/v1/rotations", "{\"class\":\"kms-wrapping\",\"owner\":\"service/token-service\"}"),
                    409,
                    "nothing-active");
            HttpResponse<String> rotated = cli.post("/v1/rotations", "{\"class\":\"kms-wrapping\"}");
            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> wrappedUnder(state) == 2);
            await().atMost(PATIENCE).until(() -> ours(cli, "kms-wrapping").contains("PREPARED"));
            // Another test's incident may be open.
            await().atMost(PATIENCE)
                    .until(() -> !cli.get("/v1/compromises").body().contains("\"finished\":false"));

            HttpResponse<String> called = cli.post("/v1/keys/kms-wrapping/compromise", "{\"mode\":\"drill\"}");
            assertThat(called.statusCode()).as(called.body()).isEqualTo(202);
            String report =
                    "/v1/compromises/" + JSON.readTree(called.body()).path("id").asString();
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> JSON.readTree(cli.get(report).body())
                            .path("finished")
                            .asBoolean());
            JsonNode done = JSON.readTree(cli.get(report).body());
            assertThat(done.path("owed")).as(done.toString()).isEmpty();
            assertThat(done.path("sessions_ended").asInt())
                    .as("the CA's key was wrapped anew")
                    .isEqualTo(1);
            assertThat(wrappedUnder(state)).isEqualTo(3);
            assertThat(kms.versions(KeyName.wrapping("platform-ca"))).isEqualTo(new KeyVersions(3, 3));
        }
    }

    /// States of this service's own keys that may be used.
    private static Set<String> ours(ServiceClient cli, String keyClass) throws Exception {
        Set<String> states = new HashSet<>();
        for (JsonNode key : JSON.readTree(cli.get("/v1/keys").body()).path("keys")) {
            String state = key.path("state").asString();
            if (key.path("class").asString().equals(keyClass)
                    && key.path("owner").asString().endsWith("/key-rotation-service")
                    && Set.of("ACTIVE", "PREPARED").contains(state)) {
                states.add(state);
            }
        }
        return states;
    }

    private static int wrappedUnder(Path state) throws IOException {
        return WrappedValue.versionOf(Base64.getDecoder()
                .decode(JSON.readTree(Files.readAllBytes(state)).path("key").asString()));
    }

    /// When the TLS session began that a new connection has: its own, or one that it resumed.
    private long sessionOf(SSLContext tls) throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
            return socket.getSession().getCreationTime();
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
    void renewalIsForThePeersOwnNameOnly() throws Exception {
        try (ServiceClient its = as(gateway)) {
            AtomicReference<X509Certificate> renewed = new AtomicReference<>();
            IdentityIssuer renewing = renewing(its, renewed);
            try (WorkloadIdentity again = WorkloadIdentity.issuedBy(
                    renewing, DOMAIN.idOf("gateway-service"), InMemoryAuthority.LOCAL_HOSTS, Clock.systemUTC())) {
                assertThat(PeerIdentity.of(again.current().leaf())).contains(DOMAIN.idOf("gateway-service"));
                assertThat(again.current().leaf().getSerialNumber())
                        .isNotEqualTo(gateway.current().leaf().getSerialNumber());
            }
            assertThat(csrAnswer(its, DOMAIN.idOf("token-service"), List.of())).isEqualTo(400);
            assertThat(csrAnswer(its, DOMAIN.idOf("gateway-service"), List.of("localhost", "example.org")))
                    .isEqualTo(400);
        }
    }

    private static IdentityIssuer renewing(ServiceClient client, AtomicReference<X509Certificate> leaf) {
        return csr -> {
            try {
                HttpResponse<String> answer = client.post(
                        "/v1/identities/renew",
                        JSON.writeValueAsString(Map.of("csr", CertificatePem.encodeRequest(csr))));
                if (answer.statusCode() != 200) {
                    throw new StatusOnly(answer.statusCode());
                }
                JsonNode issued = JSON.readTree(answer.body());
                List<X509Certificate> chain =
                        CertificatePem.certificates(issued.path("chain").get(0).asString());
                leaf.set(chain.getFirst());
                return new IssuedChain(
                        chain,
                        CertificatePem.certificates(
                                issued.path("anchors").get(0).asString()));
            } catch (IOException | CertificateException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static final class StatusOnly extends RuntimeException {
        private final int status;

        StatusOnly(int status) {
            super("status " + status);
            this.status = status;
        }
    }

    private static int csrAnswer(ServiceClient client, URI name, List<String> hosts) {
        try (WorkloadIdentity _ =
                WorkloadIdentity.issuedBy(renewing(client, new AtomicReference<>()), name, hosts, Clock.systemUTC())) {
            return 200;
        } catch (StatusOnly refused) {
            return refused.status;
        }
    }

    @Test
    void joinTokenAdmitsOnceUnderConcurrency() throws Exception {
        String token = HOME.get().admit("redaction-service", Duration.ofMinutes(1));
        String csr = request("redaction-service");
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ServiceClient stranger = anonymous();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                threads.execute(() -> {
                    try {
                        int status = stranger.post("/v1/identities/join", joining("redaction-service", token, csr))
                                .statusCode();
                        (status == 200 ? admitted : refused).incrementAndGet();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }
        assertThat(admitted).hasValue(1);
        assertThat(refused).hasValue(11);
    }

    @Test
    void expiredForeignAndInventedJoinTokensGetOneAnswer() throws Exception {
        String expired = HOME.get().admit("audit-service", Duration.ofSeconds(-1));
        String foreign = HOME.get().admit("inference-relay", Duration.ofMinutes(1));
        String csr = request("audit-service");
        try (ServiceClient stranger = anonymous()) {
            for (String token : List.of(expired, foreign, "invented")) {
                HttpResponse<String> answer =
                        stranger.post("/v1/identities/join", joining("audit-service", token, csr));
                assertProblem(answer, 403, "join-refused");
                assertThat(answer.body()).doesNotContain(token);
            }
        }
    }

    @Test
    void requestForMoreThanTheTokenGrantsIsRefusedAndTheTokenStays() throws Exception {
        String token = HOME.get().admit("inference-relay", Duration.ofMinutes(1));
        try (ServiceClient stranger = anonymous()) {
            assertProblem(
                    stranger.post("/v1/identities/join", joining("inference-relay", token, request("gateway-service"))),
                    400,
                    "certificate-request-refused");
            assertThat(stranger.post(
                                    "/v1/identities/join",
                                    joining("inference-relay", token, request("inference-relay")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static String joining(String service, String token, String csr) {
        return JSON.writeValueAsString(Map.of("service", service, "join_token", token, "csr", csr));
    }

    private static String request(String workload) {
        AtomicReference<byte[]> csr = new AtomicReference<>();
        try (WorkloadIdentity _ = WorkloadIdentity.issuedBy(
                der -> {
                    csr.set(der);
                    throw new StatusOnly(0);
                },
                DOMAIN.idOf(workload),
                InMemoryAuthority.LOCAL_HOSTS,
                Clock.systemUTC())) {
            throw new AssertionError("never issued");
        } catch (StatusOnly _) {
            return CertificatePem.encodeRequest(csr.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"service\":\"token-service\"}",
                "{\"service\":1,\"join_token\":[],\"csr\":{}}",
                "{\"service\":\"token-service\",\"join_token\":null,\"csr\":\"x\"}"
            })
    void badJoinBodiesAreProblems(String body) throws Exception {
        try (ServiceClient stranger = anonymous()) {
            assertProblem(stranger.post("/v1/identities/join", body), 400, "malformed");
        }
    }

    @Test
    void badBodiesElsewhereAreProblems() throws Exception {
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

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }
}

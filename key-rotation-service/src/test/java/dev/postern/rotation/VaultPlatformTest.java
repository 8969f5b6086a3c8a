package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.VaultForTests;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// The whole service with its key management and its CA at a real Vault that was set up as shipped.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"postern.kms.kind=vault", "postern.ca.kind=vault-pki", "postern.kms.vault.probe=200ms"})
@DirtiesContext
final class VaultPlatformTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the context.
    private static VaultForTests vault;

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @Autowired
    MeterRegistry meters;

    @BeforeAll
    static void startVault() throws IOException {
        vault = VaultForTests.startOrSkip(
                Files.createDirectories(directory.resolve("vault")),
                VaultForTests.Tls.selfSigned(directory.resolve("tls")));
        vault.setUp(Map.of());
        Files.writeString(
                directory.resolve("secret-id"),
                vault.api("POST", "auth/approle/role/key-rotation-service/secret-id", Map.of("metadata", "{}"))
                        .path("data")
                        .path("secret_id")
                        .asString());
    }

    @AfterAll
    static void stopVault() {
        // Nothing was started where there is no server.
        Optional.ofNullable(vault).ifPresent(VaultForTests::close);
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory.resolve("home"), registry));
        registry.add("postern.kms.vault.uri", vault::uri);
        registry.add("postern.kms.vault.ca-certificate", () -> directory.resolve("tls/authority.pem"));
        registry.add(
                "postern.kms.vault.role-id",
                () -> vault.api("GET", "auth/approle/role/key-rotation-service/role-id", Map.of())
                        .path("data")
                        .path("role_id")
                        .asString());
        registry.add("postern.kms.vault.secret-id-file", () -> directory.resolve("secret-id"));
    }

    @Test
    void workloadsJoinAndTheServiceGoesOnWhileTheVaultIsSealed() throws Exception {
        X509Certificate anchor = CertificatePem.certificates(vault.api("GET", "pki/cert/ca", Map.of())
                        .path("data")
                        .path("certificate")
                        .asString())
                .getFirst();
        assertThat(CertificatePem.certificates(Files.readString(HOME.get().certificate())))
                .containsExactly(anchor);
        try (WorkloadIdentity gateway = ServiceClient.join(HOME.get(), "gateway-service", port);
                ServiceClient client = new ServiceClient(port, gateway.sslContext());
                WorkloadIdentity monitor = ServiceClient.join(HOME.get(), "operator/monitor", port);
                ServiceClient operator = new ServiceClient(managementPort, monitor.sslContext())) {
            gateway.current().leaf().verify(anchor.getPublicKey());
            assertThat(renew(client).statusCode()).isEqualTo(200);

            // Requests are no reason to call the key management; the service's own first keys are, while it starts.
            long caused = callsDuringRequests(client);
            for (int attempt = 1; attempt < 5 && caused > 0; attempt++) {
                caused = callsDuringRequests(client);
            }
            assertThat(caused).isZero();

            vault.seal();
            try {
                HttpResponse<String> refused = renew(client);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(available()).isZero();
                // Said, and no reason to take the service out of use.
                assertThat(operator.get("/actuator/health/kms").body()).contains("DEGRADED", "\"reason\":\"sealed\"");
                assertThat(operator.get("/actuator/health/readiness").statusCode())
                        .isEqualTo(200);
                // What needs no key management goes on.
                assertThat(client.get("/v1/directory?applied=0&instance=" + client.instance)
                                .statusCode())
                        .isEqualTo(200);
            } finally {
                vault.unseal();
            }
            assertThat(renew(client).statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(available()).isEqualTo(1));
        }
    }

    private long callsDuringRequests(ServiceClient client) throws Exception {
        long before = calls();
        for (int i = 0; i < 50; i++) {
            assertThat(client.get("/v1/directory?applied=0&instance=" + client.instance)
                            .statusCode())
                    .isEqualTo(200);
        }
        return calls() - before;
    }

    private long calls() {
        return meters.get("postern.kms.calls").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private double available() {
        return meters.get("postern.kms.available").gauge().value();
    }

    private static HttpResponse<String> renew(ServiceClient client) throws IOException, InterruptedException {
        return client.post(
                "/v1/identities/renew",
                JSON.writeValueAsString(Map.of("csr", CertificatePem.encodeRequest(request()))));
    }

    /// A request of the gateway's, taken from an identity that gets no answer.
    private static byte[] request() {
        AtomicReference<byte[]> request = new AtomicReference<>();
        try {
            var _ = WorkloadIdentity.issuedBy(
                    csr -> {
                        request.set(csr);
                        throw new IdentityUnavailable(IdentityUnavailable.Reason.UNREACHABLE, "Only the request.");
                    },
                    DOMAIN.idOf("gateway-service"),
                    InMemoryAuthority.LOCAL_HOSTS,
                    Clock.systemUTC(),
                    RANDOM);
        } catch (IdentityUnavailable _) {
            return request.get();
        }
        throw new AssertionError("an issuer that never answers answered");
    }
}

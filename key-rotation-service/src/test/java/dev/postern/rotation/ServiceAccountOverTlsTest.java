package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.Credential;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.authority.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// A pod joins by its service account, and renews without it.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
final class ServiceAccountOverTlsTest {
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();
    private static final LocalCluster CLUSTER = cluster();

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    private static LocalCluster cluster() {
        try {
            return new LocalCluster();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        HOME.set(ServiceHome.prepare(directory, registry));
        Path files = CLUSTER.files(Files.createDirectory(directory.resolve("cluster")));
        registry.add("postern.ca.kubernetes.issuer", () -> LocalCluster.ISSUER);
        registry.add("postern.ca.kubernetes.jwks-uri", CLUSTER::jwks);
        registry.add("postern.ca.kubernetes.ca-certificate", () -> files.resolve("cluster-ca.crt"));
        registry.add("postern.ca.kubernetes.token-file", () -> files.resolve("own-token"));
        registry.add("postern.ca.kubernetes.accounts.gateway-service", () -> "postern/gateway");
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    private WorkloadIdentity join(String workload, String account) throws IOException {
        Path token = directory.resolve(workload + "-projected");
        Files.writeString(
                token,
                CLUSTER.sign(LocalCluster.claims(
                                "postern", account, Clock.systemUTC().instant())
                        .build()));
        return WorkloadIdentity.join(
                new JoinSettings(
                        workload,
                        "postern.local",
                        URI.create("https://localhost:" + port),
                        HOME.get().certificate(),
                        new Credential.ServiceAccount(token),
                        InMemoryAuthority.LOCAL_HOSTS,
                        Duration.ofSeconds(10)),
                Clock.systemUTC());
    }

    @Test
    void aPodJoinsByItsAccountAndRenewsByItsCertificate() throws Exception {
        try (WorkloadIdentity gateway = join("gateway-service", "gateway")) {
            assertThat(PeerIdentity.of(gateway.current().leaf()))
                    .contains(new TrustDomain("postern.local").idOf("gateway-service"));
            Files.delete(directory.resolve("gateway-service-projected"));
            assertThat(gateway.renewNow()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void anAccountProvesNoOtherWorkload() {
        assertThatThrownBy(() -> join("gateway-service", "relay").close())
                .isInstanceOfSatisfying(
                        IdentityUnavailable.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentityUnavailable.Reason.REFUSED));
        assertThatThrownBy(() -> join("token-service", "gateway").close()).isInstanceOf(IdentityUnavailable.class);
    }
}

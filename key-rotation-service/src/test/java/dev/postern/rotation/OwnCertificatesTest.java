package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.PeerSighting;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.token.DirectorySettings;
import dev.postern.token.KeyDirectory;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The service's own certificate is compromised, under a follower that trusts the service by its identity.
@DirtiesContext
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.rotation.compromise.drills.allowed=true",
            "postern.rotation.compromise.drills.interval=0s",
            "postern.rotation.report-patience=2s"
        })
@SuppressWarnings("NullAway.Init")
final class OwnCertificatesTest {
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final URI SELF = new TrustDomain("postern.local").idOf("key-rotation-service");

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    @Autowired
    KeyLedger ledger;

    @Autowired
    WorkloadIdentity own;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory, registry));
    }

    private List<ManagedKey> registered() {
        return ledger.ring().keys().values().stream()
                .filter(key -> key.keyClass() == KeyClass.SERVICE_CERT
                        && key.owner().equals(SELF)
                        && key.state() instanceof KeyState.Active)
                .toList();
    }

    private String shown() {
        return serial(own.current().leaf().getSerialNumber());
    }

    private static String serial(BigInteger number) {
        return number.toString(16);
    }

    private Incident deny(Optional<String> kid, Optional<URI> owner, Compromise.Mode mode) throws Exception {
        return ledger.compromise(new Compromise(
                KeyClass.SERVICE_CERT,
                kid,
                owner,
                mode,
                "operator",
                Optional.empty(),
                Clock.systemUTC().instant()));
    }

    @BeforeEach
    void certificateAndSpareAreInTheLedger() {
        await().atMost(PATIENCE).until(() -> own.hasSpare() && registered().size() >= 2);
        assertThat(registered()).extracting(ManagedKey::kid).contains(shown());
    }

    @Test
    void spareTakesOverAndWhoTrustsTheIdentityGoesOn() throws Exception {
        String denied = shown();
        List<String> good = registered().stream().map(ManagedKey::kid).toList();
        try (WorkloadIdentity gateway = ServiceClient.join(HOME.get(), "gateway-service", port);
                KeyDirectory follower = follow(gateway)) {
            await().atMost(PATIENCE).until(() -> follower.state().version() > 0);
            Incident begun = deny(Optional.of(denied), Optional.empty(), Compromise.Mode.REAL);
            gateway.deny(List.of(new BigInteger(denied, 16)));
            await().atMost(PATIENCE).until(() -> !shown().equals(denied));

            assertThat(good).as("the one that stood ready").contains(shown());
            await().atMost(PATIENCE).until(() -> follower.state().version() >= begun.version());
            assertThat(follower.state().inForce()).isTrue();
            PeerSighting met = gateway.peers().get(SELF);
            assertThat(met).isNotNull();
            assertThat(serial(met.serial())).isEqualTo(shown());
        }
        await().atMost(PATIENCE)
                .until(() -> ledger.incidents().getLast().phases().containsKey(Phase.PREPARED));
    }

    @Test
    void allOfThemAtOnceAreReplacedToo() throws Exception {
        List<String> denied = registered().stream().map(ManagedKey::kid).toList();
        Incident begun = deny(Optional.empty(), Optional.of(SELF), Compromise.Mode.DRILL);
        assertThat(begun.kids()).containsExactlyInAnyOrderElementsOf(denied);
        await().atMost(PATIENCE).until(() -> !denied.contains(shown()));
        await().atMost(PATIENCE)
                .until(() -> ledger.incidents().getLast().phases().containsKey(Phase.PREPARED));
        try (WorkloadIdentity gateway = ServiceClient.join(HOME.get(), "gateway-service", port);
                ServiceClient client = new ServiceClient(port, gateway.sslContext())) {
            assertThat(client.directory(0)).isNotEmpty();
        }
    }

    private KeyDirectory follow(WorkloadIdentity identity) {
        return KeyDirectory.follow(
                new DirectorySettings(
                        URI.create("https://localhost:" + port),
                        "postern.local",
                        UUID.randomUUID().toString()),
                identity.httpClient(SELF, Duration.ofSeconds(3)),
                () -> identity.current().anchors(),
                Clock.systemUTC());
    }
}

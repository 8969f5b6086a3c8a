package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.IdentityUnavailable.Reason;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that has its certificates from the server, with the credentials, the policy and the role as shipped.
final class VaultIdentityTest {
    private static final URI ID = VaultRig.DOMAIN.idOf("token-service");
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1", "token-service");
    private static final Duration LIFE = Duration.ofMinutes(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the first test.
    private static VaultRig rig;

    @SuppressWarnings("NullAway.Init")
    private static VaultConnection connection;

    @BeforeAll
    static void start() throws IOException {
        rig = VaultRig.start(home, Map.of("POSTERN_IDENTITIES", "token-service audit-service gateway-service"));
        connection = rig.connect("token-service");
        Files.writeString(
                anchor(),
                CertificatePem.encode(
                        connection.authority("postern-token-service").certificate()));
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(connection).ifPresent(VaultConnection::close);
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
    }

    private static Path anchor() {
        return home.resolve("ca.pem");
    }

    private static WorkloadIdentity enrol(VaultConnection at, String role, URI id, List<String> hosts, Path anchor) {
        return WorkloadIdentity.issuedBy(
                new VaultIdentityIssuer(at.authority(role), new InMemoryAuthority.Grant(id, hosts, LIFE), anchor),
                id,
                hosts,
                Clock.systemUTC(),
                VaultRig.RANDOM);
    }

    private static WorkloadIdentity enrol(VaultConnection at) {
        return enrol(at, "postern-token-service", ID, HOSTS, anchor());
    }

    @Test
    void enrolWhenTheCredentialsAreItsOwnThenItsNamesAndTheNextGenerationTheSameWay() throws Exception {
        try (WorkloadIdentity identity = enrol(connection)) {
            IdentityDocument first = identity.current();
            assertThat(first.leaf().getSubjectAlternativeNames())
                    .extracting(name -> String.valueOf(name.get(1)))
                    .containsExactlyInAnyOrder(ID.toString(), "localhost", "127.0.0.1", "token-service");

            IdentityDocument next = identity.renewNow().get(10, TimeUnit.SECONDS);

            assertThat(next.leaf().getSerialNumber()).isNotEqualTo(first.leaf().getSerialNumber());
            assertThat(next.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
            assertThat(next.spiffeId()).isEqualTo(ID);
            next.leaf().verify(first.anchors().getFirst().getPublicKey());
        }
    }

    @Test
    void enrolWhenAskedForAnothersNameOrHostThenTheRoleRefuses() {
        URI gateway = VaultRig.DOMAIN.idOf("gateway-service");
        assertRefused(Reason.REFUSED, () -> enrol(connection, "postern-token-service", gateway, HOSTS, anchor()));
        URI below = URI.create(ID + "/x");
        assertRefused(Reason.REFUSED, () -> enrol(connection, "postern-token-service", below, HOSTS, anchor()));
        for (String host : List.of("audit-service", "x.token-service", "evil.example")) {
            assertRefused(
                    Reason.REFUSED,
                    () -> enrol(connection, "postern-token-service", ID, List.of("localhost", host), anchor()));
        }
    }

    @Test
    void enrolWhenUnderAnothersRoleOrThePlatformsThenThePolicyRefuses() {
        assertRefused(
                Reason.REFUSED,
                () -> enrol(
                        connection,
                        "postern-audit-service",
                        VaultRig.DOMAIN.idOf("audit-service"),
                        List.of("localhost"),
                        anchor()));
        assertRefused(Reason.REFUSED, () -> enrol(connection, "postern-workload", ID, HOSTS, anchor()));
    }

    @Test
    void enrolWhenTheServiceKeepsNoKeysThenItsNameAndNoKey() throws Exception {
        URI id = VaultRig.DOMAIN.idOf("gateway-service");
        try (VaultConnection gateway = rig.connect("gateway-service");
                WorkloadIdentity identity =
                        enrol(gateway, "postern-gateway-service", id, List.of("localhost"), anchor())) {
            assertThat(identity.current().spiffeId()).isEqualTo(id);
            assertThatThrownBy(() -> gateway.keys().publicKey(KeyName.signingP256("log")))
                    .isInstanceOfSatisfying(
                            KeyManagementException.class,
                            e -> assertThat(e.reason()).isEqualTo(KeyManagementException.Reason.DENIED));
        }
    }

    @Test
    void enrolWhenTheServiceWasNotNamedAtTheSetUpThenRefused() throws IOException {
        try (VaultConnection redaction = rig.connect("redaction-service")) {
            assertRefused(
                    Reason.REFUSED,
                    () -> enrol(
                            redaction,
                            "postern-redaction-service",
                            VaultRig.DOMAIN.idOf("redaction-service"),
                            List.of("localhost"),
                            anchor()));
        }
    }

    @Test
    void enrolWhenTheVaultIsOfAnotherCaThenRefusedAndWithoutAnAnchorThereIsNone() throws IOException {
        Path wrong = home.resolve("wrong.pem");
        Files.writeString(wrong, CertificatePem.encode(rig.platform.certificate()));
        assertThatThrownBy(() -> enrol(connection, "postern-token-service", ID, HOSTS, wrong))
                .isInstanceOf(IdentityUnavailable.class)
                .hasMessageContaining("is it the right Vault?");
        assertRefused(
                Reason.NO_TRUST_ANCHOR,
                () -> enrol(connection, "postern-token-service", ID, HOSTS, home.resolve("missing.pem")));
    }

    @Test
    void renewWhenTheServerIsSealedThenTheCertificateStaysUntilItAnswersAgain() throws Exception {
        try (WorkloadIdentity identity = enrol(connection)) {
            IdentityDocument before = identity.current();
            rig.vault.seal();
            try {
                assertThatThrownBy(() -> identity.renewNow().get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(IdentityUnavailable.class);
                assertThat(identity.lastFailure()).contains(Reason.UNREACHABLE);
                assertThat(identity.current()).isSameAs(before);
            } finally {
                rig.vault.unseal();
            }
            assertThat(identity.renewNow().get(20, TimeUnit.SECONDS).leaf()).isNotEqualTo(before.leaf());
        }
    }

    @Test
    void renewWhenTheCredentialsWereTakenBackThenRefused() throws Exception {
        try (VaultConnection revoked = rig.connect("token-service");
                WorkloadIdentity identity = enrol(revoked)) {
            rig.revokeSecretId("token-service");
            rig.revokeToken(revoked);
            assertThatThrownBy(() -> identity.renewNow().get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IdentityUnavailable.class);
            assertThat(identity.lastFailure()).contains(Reason.REFUSED);
        } finally {
            rig.handOutSecretId("token-service");
        }
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        IdentityUnavailable.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}

package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The CA at the server, with the credentials and the policy of key-rotation-service, as shipped.
final class VaultAuthorityTest {
    private static final URI ID = VaultRig.DOMAIN.idOf("token-service");
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the first test.
    private static VaultRig rig;

    @SuppressWarnings("NullAway.Init")
    private static VaultConnection connection;

    @SuppressWarnings("NullAway.Init")
    private static VaultAuthority authority;

    @BeforeAll
    static void start() throws IOException {
        rig = VaultRig.start(home);
        connection = rig.connect("key-rotation-service");
        authority = connection.authority();
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(connection).ifPresent(VaultConnection::close);
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
    }

    private static WorkloadIdentity enrol(
            VaultAuthority at, URI id, List<String> hosts, InMemoryAuthority.Grant grant) {
        return WorkloadIdentity.issuedBy(at.issuerFor(grant), id, hosts, Clock.systemUTC(), VaultRig.RANDOM);
    }

    private static InMemoryAuthority.Grant grant(Duration lifetime) {
        return new InMemoryAuthority.Grant(ID, HOSTS, lifetime);
    }

    @Test
    void aWorkloadGetsTheNamesOfItsGrant() throws Exception {
        try (WorkloadIdentity identity = enrol(authority, ID, HOSTS, grant(Duration.ofMinutes(10)))) {
            X509Certificate leaf = identity.current().leaf();

            leaf.verify(authority.certificate().getPublicKey());
            assertThat(leaf.getSubjectAlternativeNames())
                    .extracting(name -> String.valueOf(name.get(1)))
                    .containsExactlyInAnyOrder(ID.toString(), "localhost", "127.0.0.1");
            assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
            assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
            assertThat(leaf.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
            assertThat(leaf.getNotAfter().toInstant())
                    .isBetween(Instant.now().plusSeconds(570), Instant.now().plusSeconds(601));
            assertThat(identity.current().anchors()).containsExactly(authority.certificate());
        }
    }

    @Test
    void aRequestForMoreThanTheGrantIsRefused() {
        assertRefused(
                IdentityUnavailable.Reason.REFUSED,
                () -> enrol(
                        authority, ID, List.of("localhost", "127.0.0.1", "evil.example"), grant(Duration.ofHours(1))));
        assertRefused(
                IdentityUnavailable.Reason.REFUSED,
                () -> enrol(authority, VaultRig.DOMAIN.idOf("gateway-service"), HOSTS, grant(Duration.ofHours(1))));
    }

    @Test
    void theRoleRefusesWhatIsNotOfTheDomain() {
        URI foreign = URI.create("spiffe://elsewhere/service/token-service");
        assertRefused(
                IdentityUnavailable.Reason.REFUSED,
                () -> enrol(
                        authority, foreign, HOSTS, new InMemoryAuthority.Grant(foreign, HOSTS, Duration.ofHours(1))));
        List<String> hosts = List.of("evil.example");
        assertRefused(
                IdentityUnavailable.Reason.REFUSED,
                () -> enrol(authority, ID, hosts, new InMemoryAuthority.Grant(ID, hosts, Duration.ofHours(1))));
    }

    @Test
    void anAnswerWithOtherNamesOrALongerLifeIsRefused() {
        String role = "pki/roles/postern-workload";
        try {
            rig.vault.api(
                    "POST",
                    role,
                    Map.of(
                            "organization",
                            "Somebody",
                            "allowed_uri_sans",
                            "*",
                            "key_type",
                            "ec",
                            "require_cn",
                            false,
                            "allow_any_name",
                            true));
            assertRefused(
                    IdentityUnavailable.Reason.INVALID_ANSWER,
                    () -> enrol(authority, ID, HOSTS, grant(Duration.ofHours(1))));
        } finally {
            rig.vault.setUp(Map.of());
        }
    }

    @Test
    void anotherServiceCannotHaveCertificatesSigned() throws IOException {
        try (VaultConnection audit = rig.connect("audit-service")) {
            VaultAuthority borrowed = audit.authority();
            assertRefused(
                    IdentityUnavailable.Reason.REFUSED, () -> enrol(borrowed, ID, HOSTS, grant(Duration.ofHours(1))));
        }
    }

    @Test
    void aSealedServerCannotSignNow() {
        rig.vault.seal();
        try {
            assertRefused(
                    IdentityUnavailable.Reason.UNREACHABLE,
                    () -> enrol(authority, ID, HOSTS, grant(Duration.ofHours(1))));
        } finally {
            rig.vault.unseal();
        }
    }

    private static void assertRefused(IdentityUnavailable.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        IdentityUnavailable.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}

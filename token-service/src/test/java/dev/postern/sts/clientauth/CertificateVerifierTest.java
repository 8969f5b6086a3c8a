package dev.postern.sts.clientauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.TrustDomain;
import dev.postern.sts.TestCertificates;
import dev.postern.sts.client.CertificateSubject;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.client.RegisteredAuthority;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

final class CertificateVerifierTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final TestCertificates platform = TestCertificates.authority("platform", clock.instant());
    private final TestCertificates corp = TestCertificates.authority("corp", clock.instant());
    private final TestCertificates evil = TestCertificates.authority("corp", clock.instant());
    private final CertificateVerifier verifier = new CertificateVerifier(
            new TrustDomain("postern.local"), () -> List.of(platform.certificate()), new CertificatePaths(clock));

    @Test
    void workloadWhenIssuedByThePlatformThenOnlyItsOwnClient() {
        ClientRegistration gateway = client("gateway-service", new Proof.WorkloadCertificate());
        GeneralName id = uri("spiffe://postern.local/service/gateway-service");
        assertThat(proves(gateway, platform.issue("CN=x", clock.instant(), id))).isTrue();
        assertThat(proves(gateway, platform.issue("CN=x", clock.instant(), uri("spiffe://postern.local/service/a"))))
                .isFalse();
        assertThat(proves(
                        client("other", new Proof.WorkloadCertificate()), platform.issue("CN=x", clock.instant(), id)))
                .isFalse();
        // TLS let it through; the name alone proves nothing.
        assertThat(proves(gateway, corp.issue("CN=x", clock.instant(), id))).isFalse();
    }

    @Test
    void pkiWhenAuthorityAndNameAreTheRegisteredThenProven() {
        GeneralName uri = uri("urn:device:7");
        GeneralName dns = new GeneralName(GeneralName.dNSName, "app.example");
        TestCertificates leaf = corp.issue("CN=app, O=Example", clock.instant(), uri, dns);

        assertThat(proves(pki(new CertificateSubject.Uri("urn:device:7"), corp), leaf))
                .isTrue();
        assertThat(proves(pki(new CertificateSubject.Dns("APP.example"), corp), leaf))
                .isTrue();
        assertThat(proves(pki(CertificateSubject.DistinguishedName.of("CN=app,O=Example"), corp), leaf))
                .isTrue();
        assertThat(proves(pki(new CertificateSubject.Uri("urn:device:8"), corp), leaf))
                .isFalse();
        assertThat(proves(pki(new CertificateSubject.Uri("app.example"), corp), leaf))
                .as("another kind of name")
                .isFalse();
        assertThat(proves(pki(CertificateSubject.DistinguishedName.of("CN=app"), corp), leaf))
                .as("a part of the name")
                .isFalse();
    }

    @Test
    void pkiWhenAuthorityHasTheSameNameButAnotherKeyThenRefused() {
        TestCertificates forged = evil.issue("CN=app", clock.instant(), uri("urn:device:7"));
        assertThat(proves(pki(new CertificateSubject.Uri("urn:device:7"), corp), forged))
                .isFalse();
        // Nor does the platform vouch for a client's own names, nor the client's authority for another client.
        assertThat(proves(
                        pki(new CertificateSubject.Uri("urn:device:7"), corp),
                        platform.issue("CN=app", clock.instant(), uri("urn:device:7"))))
                .isFalse();
    }

    @Test
    void pkiWhenCertificateIsForServersOrAnAuthoritysThenRefused() {
        GeneralName uri = uri("urn:device:7");
        ClientRegistration client = pki(new CertificateSubject.Uri("urn:device:7"), corp);
        assertThat(proves(client, corp.issue("CN=app", clock.instant(), KeyPurposeId.id_kp_serverAuth, uri)))
                .isFalse();
        assertThat(proves(pki(CertificateSubject.DistinguishedName.of("CN=corp"), corp), corp))
                .isFalse();
    }

    @Test
    void pkiWhenRememberedThenStillExpires() {
        TestCertificates leaf = corp.issue("CN=app", clock.instant(), uri("urn:device:7"));
        ClientRegistration client = pki(new CertificateSubject.Uri("urn:device:7"), corp);
        assertThat(proves(client, leaf)).isTrue();
        assertThat(proves(client, leaf)).isTrue();
        clock.advance(Duration.ofHours(2));
        assertThat(proves(client, leaf)).isFalse();
    }

    @Test
    void selfSignedWhenThumbprintIsRegisteredThenProvenUntilItExpires() {
        TestCertificates own = TestCertificates.selfSigned("app", clock.instant());
        TestCertificates same = TestCertificates.selfSigned("app", clock.instant());
        ClientRegistration client =
                client("app", new Proof.SelfSignedCertificate(Set.of(CertificatePaths.thumbprint(own.certificate()))));
        assertThat(proves(client, own)).isTrue();
        assertThat(proves(client, same)).as("the same name, another key").isFalse();
        clock.advance(Duration.ofHours(2));
        assertThat(proves(client, own)).isFalse();
    }

    @Test
    void keyWhenRegisteredThenNoCertificateEnters() {
        ClientRegistration secret = client("app", new Proof.Secret("$2a$10$" + "a".repeat(53)));
        assertThat(proves(secret, TestCertificates.selfSigned("app", clock.instant())))
                .isFalse();
        assertThat(verifier.proves(client("app", new Proof.WorkloadCertificate()), List.of()))
                .isFalse();
    }

    private boolean proves(ClientRegistration client, TestCertificates leaf) {
        return verifier.proves(client, List.of(leaf.certificate()));
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static ClientRegistration pki(CertificateSubject subject, TestCertificates authority) {
        return client("app", new Proof.PkiCertificate(subject, new RegisteredAuthority(authority.certificate())));
    }

    private static ClientRegistration client(String clientId, Proof proof) {
        return new ClientRegistration(
                clientId, "acme", proof, Set.of("llm:invoke"), Set.of("urn:postern:gateway"), ClientPolicy.DEFAULT);
    }
}

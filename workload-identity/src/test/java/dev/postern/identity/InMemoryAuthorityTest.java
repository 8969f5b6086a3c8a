package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.test.MutableClock;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryAuthorityTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final InMemoryAuthority authority = Authorities.at(clock);
    private final InMemoryAuthority.Grant grant = Authorities.grant(Authorities.TOKEN_SERVICE, Duration.ofHours(24));

    private static byte[] request(java.net.URI id, String... hosts) {
        return SigningRequestWriter.write(P256.generate(Authorities.RANDOM), id, List.of(hosts));
    }

    @Test
    void certificateHoldsTheGrantedNamesAndUses() throws Exception {
        X509Certificate leaf =
                authority.issue(request(Authorities.TOKEN_SERVICE), grant).leaf();

        assertThat(PeerIdentity.of(leaf)).contains(Authorities.TOKEN_SERVICE);
        assertThat(leaf.getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactlyInAnyOrder("spiffe://postern.local/service/token-service", "localhost", "127.0.0.1");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(clock.instant().plus(Duration.ofHours(24)));
        leaf.verify(authority.certificate().getPublicKey());
    }

    @Test
    void requestForAnotherIdentityIsRefused() {
        assertThatThrownBy(() -> authority.issue(request(Authorities.RELAY), grant))
                .isInstanceOf(SigningRequest.Refused.class);
    }

    @Test
    void requestWithAnExtraNameIsRefused() {
        assertThatThrownBy(() -> authority.issue(request(Authorities.TOKEN_SERVICE, "localhost", "example.org"), grant))
                .isInstanceOf(SigningRequest.Refused.class);
        assertThatThrownBy(() -> authority.issue(request(Authorities.TOKEN_SERVICE, "10.0.0.1"), grant))
                .isInstanceOf(SigningRequest.Refused.class);
    }

    @Test
    void lifeNeverExceedsTheAuthoritysOwn() throws Exception {
        clock.advance(Duration.ofDays(3650).minusHours(1));
        X509Certificate leaf =
                authority.issue(request(Authorities.TOKEN_SERVICE), grant).leaf();

        assertThat(leaf.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
    }

    @Test
    void secondsLongLifeIsNotEatenByBackdating() throws Exception {
        var shortGrant = Authorities.grant(Authorities.TOKEN_SERVICE, Duration.ofSeconds(4));
        X509Certificate leaf =
                authority.issue(request(Authorities.TOKEN_SERVICE), shortGrant).leaf();
        IdentityDocument document = new IdentityDocument(
                Authorities.TOKEN_SERVICE,
                P256.generate(Authorities.RANDOM).getPrivate(),
                List.of(leaf),
                List.of(authority.certificate()));

        assertThat(document.renewAt()).isAfter(clock.instant().plusMillis(900));
    }

    @Test
    void serialsAreLargeAndDiffer() throws Exception {
        var first = authority.issue(request(Authorities.TOKEN_SERVICE), grant).leaf();
        var second = authority.issue(request(Authorities.TOKEN_SERVICE), grant).leaf();

        assertThat(first.getSerialNumber()).isNotEqualTo(second.getSerialNumber());
        assertThat(first.getSerialNumber().bitLength()).isEqualTo(127);
    }

    @Test
    void pemSurvivesARoundTrip() throws Exception {
        String pem = CertificatePem.encode(authority.certificate());

        assertThat(CertificatePem.certificates("noise\n" + pem + pem))
                .containsExactly(authority.certificate(), authority.certificate());
        byte[] csr = request(Authorities.RELAY);
        assertThat(CertificatePem.request(CertificatePem.encodeRequest(csr))).isEqualTo(csr);
        for (String broken : Arrays.asList("", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")) {
            assertThatThrownBy(() -> CertificatePem.certificates(broken))
                    .isInstanceOf(java.security.cert.CertificateException.class);
        }
    }
}

package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PinnedPeerTrustTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final URI REDACTION = DOMAIN.idOf("redaction-service");

    private final InMemoryAuthority authority = authority();

    @Test
    void trustsTheExpectedWorkload() {
        assertThatCode(() -> check(authority, REDACTION)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherWorkloadOfTheSameAuthority() {
        assertThatThrownBy(() -> check(authority, DOMAIN.idOf("audit-service")))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void refusesTheExpectedNameFromAnotherAuthority() {
        assertThatThrownBy(() -> check(authority(), REDACTION)).isInstanceOf(CertificateException.class);
    }

    private void check(InMemoryAuthority issuer, URI peer) throws CertificateException {
        try (WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
                WorkloadIdentity server = issuer.identityOf(peer)) {
            X509Certificate[] chain = server.current().chain().toArray(new X509Certificate[0]);
            new PinnedPeerTrust(relay.trustManager(), REDACTION).checkServerTrusted(chain, "UNKNOWN");
        }
    }

    private static InMemoryAuthority authority() {
        return InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    }
}

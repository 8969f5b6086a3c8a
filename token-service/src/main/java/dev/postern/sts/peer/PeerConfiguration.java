package dev.postern.sts.peer;

import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.peer.Peers.Peer;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PeerConfiguration {

    @Bean
    Peers peers(WorkloadIdentity identity, @Value("${postern.trust-domain}") String trustDomain, Clock clock) {
        TrustDomain domain = new TrustDomain(trustDomain);
        return new Peers(request -> verified(request, identity, domain, clock));
    }

    private static Optional<Peer> verified(
            HttpServletRequest request, WorkloadIdentity identity, TrustDomain domain, Clock clock) {
        if (!(request.getAttribute("jakarta.servlet.request.X509Certificate") instanceof X509Certificate[] chain)
                || chain.length == 0
                || !leadsToAnchor(chain, identity.current().anchors(), clock)) {
            return Optional.empty();
        }
        Optional<URI> id = PeerIdentity.of(chain[0]);
        return id.flatMap(domain::workloadOf)
                .filter(name -> !name.startsWith("operator/"))
                .map(name -> new Peer(name, id.orElseThrow()));
    }

    private static boolean leadsToAnchor(X509Certificate[] chain, List<X509Certificate> anchors, Clock clock) {
        try {
            PKIXParameters parameters = new PKIXParameters(anchors.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toUnmodifiableSet()));
            parameters.setRevocationEnabled(false); // identities live hours and are not on revocation lists
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(Arrays.stream(chain)
                                            .filter(certificate -> !anchors.contains(certificate))
                                            .toList()),
                            parameters);
            return !anchors.contains(chain[0]);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}

package dev.postern.sts.peer;

import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.identity.TrustDomain;
import dev.postern.sts.peer.Peers.Peer;
import java.net.URI;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PeerConfiguration {

    /// @param identities validates chains
    @Bean
    Peers peers(PeerIdentities identities, @Value("${postern.trust-domain}") String trustDomain) {
        TrustDomain domain = new TrustDomain(trustDomain);
        return new Peers(request -> identities.of(request).flatMap(id -> service(domain, id)));
    }

    private static Optional<Peer> service(TrustDomain domain, URI id) {
        return domain.workloadOf(id)
                .filter(name -> !name.startsWith("operator/"))
                .map(name -> new Peer(name, id));
    }
}

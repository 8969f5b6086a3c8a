package dev.postern.chassis.peer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/// Peer checks for servlet services.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class PeerAutoConfiguration {
    @Bean
    PeerIdentities peerIdentities(@Value("${postern.trust-domain}") String trustDomain) {
        return new PeerIdentities(trustDomain);
    }
}

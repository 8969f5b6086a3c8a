package dev.postern.chassis.peer;

import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/// Peer checks for servlet services.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class PeerAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    PeerIdentities peerIdentities(@Value("${postern.trust-domain}") String trustDomain, Clock clock) {
        return new PeerIdentities(trustDomain, clock);
    }
}

package dev.postern.gateway.tls;

import dev.postern.identity.WorkloadIdentity;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {

    @Bean
    EdgeBundle edgeBundle(WorkloadIdentity identity, Clock clock) {
        return new EdgeBundle(identity, clock);
    }
}

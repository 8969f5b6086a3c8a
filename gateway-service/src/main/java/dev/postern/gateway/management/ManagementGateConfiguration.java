package dev.postern.gateway.management;

import dev.postern.identity.WorkloadIdentity;
import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;

/// Found by the management context alone (`META-INF/spring`): the scan of the edge leaves it out.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementGateConfiguration {
    @Bean
    ManagementGate managementGate(WorkloadIdentity identity, Clock clock) {
        return new ManagementGate(identity, clock);
    }
}

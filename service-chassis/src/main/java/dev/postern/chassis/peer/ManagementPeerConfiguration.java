package dev.postern.chassis.peer;

import dev.postern.chassis.tls.TomcatTls;
import dev.postern.identity.WorkloadIdentity;
import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/// The same care for a servlet service's management port, which is a server of its own.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class ManagementPeerConfiguration {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementTls(WorkloadIdentity identity) {
        return factory -> factory.addConnectorCustomizers(TomcatTls.under(identity, identity.sslContext()));
    }

    @Bean
    FilterRegistrationBean<ConnectionCare> managementConnectionCare(WorkloadIdentity identity, Clock clock) {
        return PeerAutoConfiguration.first(new ConnectionCare(identity, clock));
    }

    @Bean
    FilterRegistrationBean<ManagementGate> managementGate(WorkloadIdentity identity, PeerIdentities peers) {
        FilterRegistrationBean<ManagementGate> gate =
                new FilterRegistrationBean<>(new ManagementGate(PeerAutoConfiguration.self(identity), peers));
        gate.setOrder(0);
        return gate;
    }
}

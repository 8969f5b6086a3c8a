package dev.postern.chassis.peer;

import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.chassis.tls.TomcatTls;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Peer checks for servlet services.
@AutoConfiguration(after = IdentityAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class PeerAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    PeerIdentities peerIdentities(@Value("${postern.trust-domain}") String trustDomain, Clock clock) {
        return new PeerIdentities(trustDomain, clock);
    }

    @Bean
    WebMvcConfigurer doorKeeping(WorkloadIdentity identity, PeerIdentities peers) {
        DoorKeeper keeper = new DoorKeeper(self(identity), identity, peers);
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(keeper).order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }

    @Bean
    FilterRegistrationBean<ConnectionCare> connectionCare(WorkloadIdentity identity, Clock clock) {
        return first(new ConnectionCare(identity, clock));
    }

    /// A service that takes certificates of strangers brings its own.
    @Bean
    @ConditionalOnMissingBean(name = "tomcatTls")
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatTls(WorkloadIdentity identity) {
        return factory -> factory.addConnectorCustomizers(TomcatTls.under(identity, identity.sslContext()));
    }

    static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> first(F filter) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /// Which row of the matrix this service is.
    ///
    /// @throws IllegalStateException if it is none: whom it may serve was never declared
    static Workload self(WorkloadIdentity identity) {
        var id = identity.current().spiffeId();
        return Workload.of(new TrustDomain(id.getAuthority()), id)
                .orElseThrow(() -> new IllegalStateException(id + " is not in the peer matrix"));
    }
}

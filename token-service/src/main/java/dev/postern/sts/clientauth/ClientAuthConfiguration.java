package dev.postern.sts.clientauth;

import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.tls.TomcatTls;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.client.Clients;
import dev.postern.sts.singleuse.UsedOnce;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClientAuthConfiguration {

    @Bean
    UsedOnce usedOnce(SingleUse store, Clock clock) {
        return new UsedOnce(store, clock);
    }

    @Bean
    CertificatePaths certificatePaths(Clock clock) {
        return new CertificatePaths(clock);
    }

    /// In place of the chassis' own, which believes what TLS let through: this listener lets anything through.
    @Bean
    PeerIdentities validatedPeerIdentities(
            @Value("${postern.trust-domain}") String trustDomain,
            WorkloadIdentity identity,
            CertificatePaths paths,
            Clock clock) {
        return new PeerIdentities(
                trustDomain,
                clock,
                chain -> paths.lead(chain, identity.current().anchors()));
    }

    @Bean
    ClientAuthentication clientAuthentication(
            TokenServiceProperties properties,
            @Value("${postern.trust-domain}") String trustDomain,
            WorkloadIdentity identity,
            CertificatePaths paths,
            Clients clients,
            UsedOnce usedOnce,
            Clock clock) {
        return new ClientAuthentication(
                properties,
                new TrustDomain(trustDomain),
                () -> identity.current().anchors(),
                paths,
                clients,
                usedOnce,
                clock);
    }

    /// The main listener only: the management port has a factory of its own, which this does not reach, and goes on to
    /// take certificates of the platform alone.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatTls(WorkloadIdentity identity) {
        SSLContext tls = identity.sslContext(new AnyCertificate(identity::denies));
        return factory -> factory.addConnectorCustomizers(TomcatTls.under(identity, tls));
    }
}

package dev.postern.rotation.authority;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.WrappedSets;
import dev.postern.rotation.ledger.IssuedCertificates;
import dev.postern.rotation.ledger.KeyLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires the CA. The service's own identity comes from it in process, so the chassis does not join anywhere.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AuthorityProperties.class, KubernetesProperties.class})
class AuthorityConfiguration {
    @Bean
    TrustDomain trustDomain(@Value("${postern.trust-domain}") String name) {
        return new TrustDomain(name);
    }

    @Bean
    PublishedAnchor publishedAnchor(@Value("${postern.identity.ca-certificate}") Path file) {
        return new PublishedAnchor(file);
    }

    @Bean
    @ConditionalOnProperty(name = "postern.ca.kind", havingValue = "local", matchIfMissing = true)
    AuthorityStore authorityStore(
            PublishedAnchor published, KeyManagement kms, WrappedSets sets, Clock clock, SecureRandom random) {
        return new AuthorityStore(sets, published, kms, clock, random);
    }

    /// The other kind is `vault-pki`: vault-access brings it, with the Vault.
    @Bean
    @ConditionalOnProperty(name = "postern.ca.kind", havingValue = "local", matchIfMissing = true)
    CertificateAuthority authority(AuthorityStore store, AuthorityProperties properties) {
        return store.open(properties.lifetime());
    }

    @Bean(destroyMethod = "close")
    WorkloadIdentity workloadIdentity(
            CertificateAuthority authority,
            TrustDomain domain,
            AuthorityProperties properties,
            PublishedAnchor published,
            OwnCertificates own,
            @Value("${spring.application.name}") String service,
            Clock clock,
            SecureRandom random) {
        if (properties.kind() == AuthorityProperties.Kind.VAULT_PKI) {
            published.adopt(authority.certificate());
        }
        URI id = domain.idOf(service);
        List<String> hosts = properties.hostsOf(service);
        InMemoryAuthority.Grant grant = new InMemoryAuthority.Grant(id, hosts, properties.certificateTtl());
        return WorkloadIdentity.issuedBy(own.noting(authority.issuerFor(grant)), id, hosts, clock, random);
    }

    @Bean
    CertificateIssue certificateIssue(
            CertificateAuthority authority,
            KeyLedger ledger,
            @Value("${postern.data-directory}") Path data,
            TrustDomain domain,
            AuthorityProperties properties,
            KubernetesProperties kubernetes,
            AuditTrail trail,
            MeterRegistry registry,
            Clock clock) {
        ServiceAccounts accounts = new ServiceAccounts(kubernetes, new ClusterKeys(kubernetes, clock), clock);
        JoinTokens tokens = new JoinTokens(data.resolve("join"), clock);
        return new CertificateIssue(
                authority, new IssuedCertificates(ledger), tokens, accounts, domain, properties, trail, registry);
    }

    @Bean
    OwnCertificates ownCertificates() {
        return new OwnCertificates();
    }

    @Bean
    OwnStanding ownStanding(
            OwnCertificates own, WorkloadIdentity identity, KeyLedger ledger, AuditTrail trail, Clock clock) {
        own.audit(identity, trail);
        // Of its own denials the ledger need not be told by the feed.
        ledger.onChange(ring -> identity.deny(IssuedCertificates.denied(ring)));
        identity.deny(IssuedCertificates.denied(ledger.ring()));
        return new OwnStanding(own, identity.current().spiffeId(), new IssuedCertificates(ledger), clock);
    }

    /// Keeps what this service shows in the ledger.
    record OwnStanding(OwnCertificates own, URI self, IssuedCertificates ledger, Clock clock) {
        @Scheduled(fixedDelay = 1_000)
        void register() {
            own.register(self, ledger, clock);
        }
    }

    @Bean
    BodyLimit bodyLimit() {
        return new BodyLimit();
    }
}

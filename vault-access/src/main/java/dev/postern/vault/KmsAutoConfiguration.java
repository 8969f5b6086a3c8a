package dev.postern.vault;

import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.Pkcs11KeyManagement;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/// The one [KeyManagement] of a service, and its [WrappedSets], as `postern.kms.kind` chooses. There is no default for
/// a wrong choice: a service without its key management does not start. One that keeps no keys says `none`, or `vault`
/// to have its certificates from there.
@AutoConfiguration(afterName = "dev.postern.chassis.time.TimeAutoConfiguration")
@EnableConfigurationProperties(KmsProperties.class)
public class KmsAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "postern.kms.kind", havingValue = "local", matchIfMissing = true)
    static class LocalConfiguration {
        @Bean(destroyMethod = "close")
        LocalKeyManagement keyManagement(KmsProperties properties, SecureRandom random) {
            return LocalKeyManagement.open(
                    Objects.requireNonNull(properties.keysetFile()),
                    Passphrase.read(Objects.requireNonNull(properties.passphraseFile())),
                    random);
        }

        @Bean
        WrappedSets wrappedSets(@Value("${postern.data-directory}") Path data) {
            return new WrappedSetFiles(data);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "postern.kms.kind", havingValue = "pkcs11")
    static class Pkcs11Configuration {
        @Bean
        KeyManagement keyManagement(KmsProperties properties, SecureRandom random) {
            return Pkcs11KeyManagement.open(
                    Objects.requireNonNull(properties.pkcs11()).settings(), random);
        }

        @Bean
        WrappedSets wrappedSets(@Value("${postern.data-directory}") Path data) {
            return new WrappedSetFiles(data);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "postern.kms.kind", havingValue = "none")
    static class NoneConfiguration {
        /// Made for a service that asks for it alone: that one keeps keys.
        @Bean
        @Lazy
        KeyManagement keyManagement() {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE,
                    "postern.kms.kind=none is for services without keys; this one keeps some: local, vault or pkcs11.");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "postern.kms.kind", havingValue = "vault")
    static class VaultConfiguration {
        @Bean(destroyMethod = "close")
        VaultConnection vaultConnection(
                KmsProperties properties, MeterRegistry registry, Clock clock, SecureRandom random) {
            ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("postern-vault").factory());
            scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            return VaultConnection.open(Objects.requireNonNull(properties.vault()), registry, clock, random, scheduler);
        }

        @Bean
        KeyManagement keyManagement(VaultConnection connection) {
            return connection.keys();
        }

        @Bean
        WrappedSets wrappedSets(VaultConnection connection) {
            return connection.sets();
        }

        @Bean
        HealthIndicator kmsHealthIndicator(VaultConnection connection) {
            return new KmsHealth(connection);
        }

        /// For key-rotation-service, whose configuration brings the authority of any other kind.
        @Bean
        @ConditionalOnProperty(name = "postern.ca.kind", havingValue = "vault-pki")
        CertificateAuthority authority(VaultConnection connection) {
            return connection.authority();
        }
    }

    /// A service whose credentials at the Vault prove who it is.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "postern.identity.bootstrap", havingValue = "vault")
    @EnableConfigurationProperties(VaultIdentityProperties.class)
    static class IdentityConfiguration {
        @Bean
        IdentityIssuer vaultIdentityIssuer(
                ObjectProvider<VaultConnection> connections,
                VaultIdentityProperties properties,
                @Value("${spring.application.name}") String service,
                @Value("${postern.trust-domain}") String trustDomain) {
            VaultConnection connection = connections.getIfAvailable(() -> {
                throw new IdentityUnavailable(
                        IdentityUnavailable.Reason.REFUSED,
                        "postern.identity.bootstrap=vault wants postern.kms.kind=vault: the credentials are the same.");
            });
            InMemoryAuthority.Grant grant = new InMemoryAuthority.Grant(
                    new TrustDomain(trustDomain).idOf(service),
                    properties.dnsNames(),
                    properties.vault().certificateTtl());
            return new VaultIdentityIssuer(
                    connection.authority(properties.vault().role()), grant, properties.caCertificate());
        }
    }
}

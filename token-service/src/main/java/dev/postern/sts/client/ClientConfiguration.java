package dev.postern.sts.client;

import com.zaxxer.hikari.HikariDataSource;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.sealing.RegistrySeal;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

    @Bean(destroyMethod = "close")
    HikariDataSource registryDatabase(TokenServiceProperties properties) {
        return RegistryDatabase.open(properties.database(), properties.dataDirectory());
    }

    @Bean
    ClientRegistry clientRegistry(
            JdbcClient jdbc, PlatformTransactionManager transactions, RegistrySeal seal, Clock clock) {
        return new ClientRegistry(jdbc, new TransactionTemplate(transactions), seal, clock);
    }

    @Bean
    Clients clients(ClientRegistry registry, Clock clock) {
        return new Clients(registry, clock);
    }

    @Bean
    ClientBootstrap clientBootstrap(
            TokenServiceProperties properties,
            ClientRegistry registry,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            AuditTrail trail,
            WorkloadIdentity identity) {
        return new ClientBootstrap(
                properties.bootstrapFile(),
                registry,
                new BootstrapRecord(jdbc, new TransactionTemplate(transactions)),
                trail,
                identity.current().spiffeId().toString());
    }
}

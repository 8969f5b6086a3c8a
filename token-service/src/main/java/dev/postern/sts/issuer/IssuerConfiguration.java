package dev.postern.sts.issuer;

import dev.postern.sts.sealing.RegistrySeal;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {

    @Bean
    IssuerStore issuerStore(JdbcClient jdbc, RegistrySeal seal, Clock clock) {
        return new IssuerStore(jdbc, seal, clock);
    }

    @Bean
    StoredIssuers storedIssuers(IssuerStore issuers) {
        return new StoredIssuers(issuers);
    }
}

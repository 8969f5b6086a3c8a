package dev.postern.sts.issuer;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {

    @Bean
    IssuerStore issuerStore(JdbcClient jdbc, Clock clock) {
        return new IssuerStore(jdbc, clock);
    }

    @Bean
    StoredIssuers storedIssuers(IssuerStore issuers) {
        return new StoredIssuers(issuers);
    }
}

package dev.postern.sts.exchange;

import dev.postern.sts.TokenServiceProperties;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExchangeProperties.class)
class ExchangeConfiguration {

    @Bean(destroyMethod = "close")
    HttpsKeyFetch httpsKeyFetch() {
        return new HttpsKeyFetch();
    }

    /// @param stored the allow-list that administrators keep; what is configured counts where it says nothing
    @Bean
    Exchanges exchanges(
            TokenServiceProperties properties,
            ExchangeProperties configured,
            ObjectProvider<TrustedIssuers> stored,
            KeyDirectory directory,
            TrustState trust,
            HttpsKeyFetch fetch,
            Clock clock) {
        String issuer = properties.issuer().toString();
        TrustedIssuers fixed = configured.trusted();
        TrustedIssuers listed = foreign -> stored.stream()
                .flatMap(list -> list.find(foreign).stream())
                .findFirst()
                .or(() -> fixed.find(foreign));
        return new Exchanges(
                new OwnSubjects(issuer, properties.clockSkew(), directory, trust, clock),
                new ForeignSubjects(issuer, listed, new ForeignKeys(fetch, clock), clock));
    }
}

package dev.postern.sts.introspection;

import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.signing.SigningKeys;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IntrospectionConfiguration {

    @Bean
    IssuedTokens issuedTokens(
            TokenServiceProperties properties, KeyDirectory directory, TrustState trust, Clock clock) {
        return new IssuedTokens(properties.issuer().toString(), directory, trust, properties.clockSkew(), clock);
    }

    @Bean
    IntrospectionSigner introspectionSigner(TokenServiceProperties properties, SigningKeys keys, Clock clock) {
        return new IntrospectionSigner(properties.issuer().toString(), keys, clock);
    }
}

package dev.postern.sts.signing;

import dev.postern.chassis.keys.KeyOwner;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SigningConfiguration {

    @Bean
    SigningKeys signingKeys(KeyOwner owner, KeyEnd end, SecureRandom random) {
        return new SigningKeys(owner.own(new SigningKeySource(random, end)));
    }

    @Bean
    SigningKeyHealth signingKeyHealthIndicator(SigningKeys keys) {
        return new SigningKeyHealth(keys);
    }
}

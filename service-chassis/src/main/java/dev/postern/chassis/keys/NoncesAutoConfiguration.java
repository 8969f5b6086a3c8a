package dev.postern.chassis.keys;

import dev.postern.chassis.time.TimeAutoConfiguration;
import dev.postern.token.DpopNonces;
import dev.postern.token.NonceKey;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// The nonces that this process demands in DPoP proofs, whichever way it checks them, and the keys that make them. A
/// service that makes challenges of another kind brings the keys of those under the same name, and demands no nonces.
@AutoConfiguration(after = TimeAutoConfiguration.class)
@ConditionalOnMissingBean(name = "challengeKeys")
public class NoncesAutoConfiguration {
    @Bean(destroyMethod = "close")
    TurningKeys<NonceKey> challengeKeys(Clock clock, SecureRandom random) {
        return TurningKeys.challenges(() -> NonceKey.generate(random), NonceKey::erase, clock, random);
    }

    @Bean
    DpopNonces dpopNonces(TurningKeys<NonceKey> keys, Clock clock) {
        return new DpopNonces(keys::usable, clock);
    }
}

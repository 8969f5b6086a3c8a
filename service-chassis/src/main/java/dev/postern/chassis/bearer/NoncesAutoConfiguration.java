package dev.postern.chassis.bearer;

import dev.postern.chassis.time.TimeAutoConfiguration;
import dev.postern.token.DpopNonces;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// The nonces that this process demands in DPoP proofs, whichever way it checks them.
@AutoConfiguration(after = TimeAutoConfiguration.class)
public class NoncesAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    DpopNonces dpopNonces(Clock clock, SecureRandom random) {
        return new DpopNonces(clock, random);
    }
}

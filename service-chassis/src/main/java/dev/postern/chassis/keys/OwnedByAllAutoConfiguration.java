package dev.postern.chassis.keys;

import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.identity.WorkloadIdentity;
import java.security.SecureRandom;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/// The keys that every service owns: each has a TLS server, and each hands out challenges.
@AutoConfiguration(
        after = {KeysAutoConfiguration.class, NoncesAutoConfiguration.class, IdentityAutoConfiguration.class})
@ConditionalOnBean(KeyOwner.class)
public class OwnedByAllAutoConfiguration {
    @Bean
    OwnedKeys<String> ticketKeys(KeyOwner owner, WorkloadIdentity identity, SecureRandom random) {
        return owner.own(new TicketKeys(identity::forgetSessions, random));
    }

    @Bean
    OwnedKeys<?> ownedChallengeKeys(KeyOwner owner, TurningKeys<?> challengeKeys) {
        return owner.own(challengeKeys);
    }
}

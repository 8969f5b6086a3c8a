package dev.postern.sts.signing;

import dev.postern.chassis.keys.KeyOwner;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.session.LiveSessions;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SigningConfiguration {

    @Bean
    SigningKeys signingKeys(
            KeyOwner owner,
            Revocations revocations,
            LiveSessions sessions,
            WorkloadIdentity identity,
            SecureRandom random) {
        SignedSessions signed = new SignedSessions(
                revocations, sessions, identity.current().spiffeId().toString());
        return new SigningKeys(owner.own(new SigningKeySource(random, signed)));
    }

    @Bean
    SigningKeyHealth signingKeyHealthIndicator(SigningKeys keys) {
        return new SigningKeyHealth(keys);
    }
}

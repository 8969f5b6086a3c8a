package dev.postern.sts.compromise;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.session.LiveSessions;
import dev.postern.sts.signing.KeyEnd;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CompromiseConfiguration {

    @Bean
    KeyEnd keyEnd(Revocations revocations, LiveSessions sessions, WorkloadIdentity identity) {
        return new SignedSessions(
                revocations, sessions, identity.current().spiffeId().toString());
    }
}

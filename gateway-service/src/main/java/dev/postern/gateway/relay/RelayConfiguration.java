package dev.postern.gateway.relay;

import dev.postern.audit.AuditTrail;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.ProofKey;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

@Configuration(proxyBeanMethods = false)
class RelayConfiguration {

    @Bean(destroyMethod = "close")
    RelaySessions relaySessions(
            RelayProperties properties,
            WorkloadIdentity identity,
            AuditTrail trail,
            MeterRegistry meters,
            LinkFailures failures,
            KeyConfigs keyConfigs,
            TrustFeed feed,
            Clock clock,
            SecureRandom random) {
        ProofKey proofKey = new ProofKey(freshKey(random));
        RelayTokens tokens = new RelayTokens(
                PlatformHttp.requests(identity, Door.TOKEN_REQUEST), properties.tokenService(), proofKey, clock);
        SessionOpener opener = new SessionOpener(
                tokens,
                keyConfigs,
                PlatformHttp.sockets(identity, Door.SEALED_SESSIONS),
                proofKey,
                new SessionBooks(trail, meters, failures),
                clock,
                random);
        RelaySessions sessions = new RelaySessions(opener, properties, feed::current, clock);
        identity.onChange(_ -> sessions.startAnew());
        return sessions;
    }

    @Bean
    KeyConfigs keyConfigs(RelayProperties properties, WorkloadIdentity identity, Clock clock, SecureRandom random) {
        return new KeyConfigs(
                PlatformHttp.requests(identity, Door.SEALED_SESSIONS), properties.endpoints(), identity, clock, random);
    }

    @Bean
    RelayDirectory relayDirectory(KeyConfigs keyConfigs, WorkloadIdentity identity) {
        return new RelayDirectory(keyConfigs, PlatformHttp.sockets(identity, Door.SEALED_SESSIONS));
    }

    /// Asks the relays what they offer now and then, on a connection each time: so that a gateway nobody uses knows of
    /// a relay's new certificate, and the relay of the gateway's, within seconds.
    @Bean(destroyMethod = "dispose")
    Disposable relayAcquaintance(RelayDirectory directory) {
        return Flux.interval(RelayDirectory.ACQUAINTANCE)
                .onBackpressureDrop()
                .concatMap(_ -> directory.offers().onErrorComplete(), 1)
                .subscribe();
    }

    @Bean
    TokenServiceHttp tokenServiceHttp(RelayProperties properties, WorkloadIdentity identity) {
        return new TokenServiceHttp(PlatformHttp.requests(identity, Door.TOKEN_REQUEST), properties.tokenService());
    }

    @Bean
    RelaySessionsLifecycle relaySessionsLifecycle(RelaySessions sessions) {
        return new RelaySessionsLifecycle(sessions);
    }

    /// Born here, never stored: a token that is stolen without this process' memory is worth nothing.
    private static KeyPair freshKey(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}

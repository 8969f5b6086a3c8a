package dev.postern.gateway.access;

import dev.postern.redis.SingleUse;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopNonces;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    AccessGuard accessGuard(
            AccessProperties properties,
            AccessTokenVerifier verifier,
            DpopNonces nonces,
            SingleUse singleUse,
            MeterRegistry meters,
            Clock clock) {
        return new AccessGuard(
                verifier,
                new Proofs(properties.origin(), nonces, singleUse, clock),
                new VerificationCounters(meters),
                clock);
    }
}

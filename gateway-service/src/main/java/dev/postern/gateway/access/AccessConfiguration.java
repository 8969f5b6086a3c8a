package dev.postern.gateway.access;

import dev.postern.token.AccessTokenVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    AccessGuard accessGuard(AccessTokenVerifier verifier, MeterRegistry meters, Clock clock) {
        return new AccessGuard(verifier, new VerificationCounters(meters), clock);
    }
}

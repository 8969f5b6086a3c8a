package dev.postern.redacting.policy;

import dev.postern.audit.AuditTrail;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.WrappedSets;
import dev.postern.redact.detection.Detection;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.Terms;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Policies, which the engine asks for.
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {
    @Bean
    SealedPolicies sealedPolicies(KeyManagement kms, WrappedSets sets) {
        return new SealedPolicies(kms, sets);
    }

    @Bean
    PoliciesInForce policiesInForce(
            SealedPolicies store,
            Detection detection,
            AnswerPolicy answers,
            PolicyProperties properties,
            AuditTrail trail,
            SecureRandom random,
            Clock clock) {
        PoliciesInForce policies = new PoliciesInForce(
                store, detection, properties, trail, random, clock, (plan, engine) -> Terms.of(plan, engine, answers));
        policies.reload();
        return policies;
    }

    @Bean(destroyMethod = "close")
    PolicyReload policyReload(PoliciesInForce policies, PolicyProperties properties) {
        return new PolicyReload(policies, properties.reload());
    }

    @Bean
    MeterBinder policyMetrics(PoliciesInForce policies) {
        return registry -> {
            Gauge.builder("postern.redaction.policies", policies, PoliciesInForce::tenants)
                    .description("Tenants with a redaction policy of their own")
                    .register(registry);
            Gauge.builder("postern.redaction.policies.unreadable", policies, PoliciesInForce::unreadable)
                    .description("Tenants' policies that cannot be read, whose prompts are or will be refused")
                    .register(registry);
        };
    }
}

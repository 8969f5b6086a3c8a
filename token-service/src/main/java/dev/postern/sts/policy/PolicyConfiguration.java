package dev.postern.sts.policy;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.issuance.PolicyDecisions;
import dev.postern.sts.revocation.Announcement;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    PolicyStore policyStore(JdbcClient jdbc, PlatformTransactionManager transactions, RegistrySeal seal, Clock clock) {
        return new PolicyStore(jdbc, new TransactionTemplate(transactions), seal, clock);
    }

    @Bean
    PoliciesInForce policiesInForce(
            PolicyStore store, AuditTrail trail, Announcement announcement, TrustFeed own, WorkloadIdentity identity) {
        PoliciesInForce policies = new PoliciesInForce(store, trail, announcement);
        policies.start(identity.current().spiffeId().toString());
        own.onPolicy(_ -> policies.reload());
        return policies;
    }

    @Bean
    PolicyDecisions issuePolicy(PoliciesInForce policies, Clock clock) {
        return new IssuePolicy(policies, clock);
    }

    @Bean
    MeterBinder policyMetrics(PoliciesInForce policies) {
        return registry -> Gauge.builder(
                        "postern.policy.version",
                        policies,
                        live -> live.inForce().version().epoch())
                .description("Version of the policy set in force")
                .register(registry);
    }
}

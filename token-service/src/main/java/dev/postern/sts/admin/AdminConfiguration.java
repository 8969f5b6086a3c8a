package dev.postern.sts.admin;

import dev.postern.audit.AuditTrail;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.redis.RedisLink;
import dev.postern.redis.SingleUse;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.approval.Approvals;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.issuer.IssuerStore;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.session.LiveSessions;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopNonces;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdminProperties.class)
class AdminConfiguration {

    static final String AUDIENCE = "urn:postern:admin";

    @Bean
    AdminGate adminGate(
            TokenServiceProperties properties,
            KeyDirectory directory,
            TrustState trust,
            SingleUse singleUse,
            DpopNonces nonces,
            AuditTrail trail,
            MeterRegistry metrics,
            Clock clock) {
        VerifierSettings settings = new VerifierSettings(
                properties.issuer().toString(), AUDIENCE, Set.of(TokenUse.ADMIN), properties.clockSkew());
        AccessTokenVerifier verifier = new AccessTokenVerifier(settings, directory, trust, clock);
        AccessTokens tokens = new AccessTokens(verifier, properties.issuer(), singleUse, nonces, metrics, clock);
        return new AdminGate(new AdminAccess(tokens, trail, metrics));
    }

    @Bean
    WebMvcConfigurer adminAddresses(AdminGate gate) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(gate)
                        .addPathPatterns("/admin/v1/**")
                        // What can be asked for is no secret; see the controller.
                        .excludePathPatterns(OpenApiController.PATH);
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(gate);
            }
        };
    }

    @Bean
    Approvals approvals(JdbcClient jdbc, SecureRandom random, RegistrySeal seal, Clock clock) {
        return new Approvals(jdbc, random, seal, clock);
    }

    @Bean
    Idempotency idempotency(JdbcClient jdbc, RegistrySeal seal, Clock clock) {
        return new Idempotency(jdbc, seal, clock);
    }

    @Bean
    ScopeStore scopeStore(JdbcClient jdbc, RegistrySeal seal) {
        return new ScopeStore(jdbc, seal);
    }

    @Bean
    LiveSessions liveSessions(RedisLink redis) {
        return new LiveSessions(redis);
    }

    @Bean
    Changes changes(
            AdminProperties properties,
            TokenServiceProperties service,
            ClientRegistry clients,
            ScopeStore scopes,
            IssuerStore issuers,
            PoliciesInForce policies,
            Revocations revocations,
            Approvals approvals,
            PlatformTransactionManager transactions,
            AuditTrail trail,
            MeterRegistry metrics,
            Clock clock) {
        List<ChangeHandler> handlers = List.of(
                new ClientChanges(clients, scopes, revocations, new TransactionTemplate(transactions), clock),
                new ScopeController.Handler(scopes),
                new IssuerChanges(issuers, scopes, service.issuer().toString()),
                new PolicyChanges(policies),
                new RoleChanges(policies),
                new BudgetChanges(policies));
        return new Changes(handlers, new Recourse(clients, clock), approvals, properties.approvals(), trail, metrics);
    }
}

package dev.postern.relay.anomaly;

import dev.postern.audit.AuditTrail;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Incidents;
import dev.postern.relay.policy.PolicyInForce;
import dev.postern.relay.session.Sessions;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

    private static final String TOKEN_SERVICE = "token-service";
    private static final int INCIDENT_BYTES = 12;
    private static final int QUEUED = 1_024;

    @Bean
    AnomalyMeters anomalyMeters(MeterRegistry meters) {
        return new AnomalyMeters(meters);
    }

    @Bean
    Behaviours behaviours(AnomalyProperties properties) {
        return new Behaviours(properties.clients());
    }

    @Bean(destroyMethod = "close")
    ContainmentReports containmentReports(
            AnomalyProperties properties,
            TrustDomain domain,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            AnomalyMeters meters) {
        return new ContainmentReports(
                properties.tokenService(), identity.sslContext(domain.idOf(TOKEN_SERVICE)), scheduler, meters);
    }

    @Bean
    Containments containments(
            PolicyInForce policy,
            Behaviours behaviours,
            Sessions sessions,
            AuditTrail trail,
            ContainmentReports reports,
            AnomalyMeters meters,
            SecureRandom random,
            Clock clock) {
        // A full queue means that hundreds of clients are being contained: the newest waits for
        // the next step.
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUED),
                Thread.ofPlatform().daemon().name("containment").factory(),
                (_, _) -> meters.contained("dropped").increment());
        thread.allowCoreThreadTimeOut(true);
        Containments containments = new Containments(
                policy::containment,
                new Incidents(),
                sessions::endWhere,
                trail::recordDurably,
                reports,
                meters,
                thread,
                () -> incidentId(random),
                clock);
        behaviours.onObservation(meters);
        behaviours.onObservation(containments);
        sessions.onDrop(new FrameFailures(behaviours, clock));
        return containments;
    }

    private static String incidentId(SecureRandom random) {
        byte[] id = new byte[INCIDENT_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}

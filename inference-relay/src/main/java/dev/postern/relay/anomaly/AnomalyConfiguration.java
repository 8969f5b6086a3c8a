package dev.postern.relay.anomaly;

import dev.postern.audit.AuditTrail;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Containments;
import dev.postern.policy.anomaly.IncidentIds;
import dev.postern.relay.session.Sessions;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

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
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            AnomalyMeters meters) {
        return new ContainmentReports(
                identity.httpClient(Door.CONTAINMENT.server(identity), ContainmentReports.TIMEOUT),
                properties.tokenService(),
                scheduler,
                meters);
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
        meters.follow(policy);
        Containments containments = new Containments(
                policy::containment,
                new SessionMeasures(trail::recordDurably, sessions::endWhere, reports::offer),
                meters::contained,
                Containments.onAThreadOfItsOwn(),
                new IncidentIds(random),
                clock);
        behaviours.onObservation(meters.scores());
        behaviours.onObservation(containments);
        sessions.onDrop(new FrameFailures(behaviours, clock));
        return containments;
    }
}

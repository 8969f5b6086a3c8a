package dev.postern.gateway.anomaly;

import dev.postern.audit.AuditTrail;
import dev.postern.gateway.admission.UsageListener;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.gateway.policy.RegionOf;
import dev.postern.gateway.relay.LinkFailures;
import dev.postern.gateway.relay.TokenServiceHttp;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Containments;
import dev.postern.policy.anomaly.IncidentIds;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

    @Bean
    Behaviours behaviours(AnomalyProperties properties) {
        return new Behaviours(properties.clients());
    }

    @Bean
    AnomalyScores anomalyScores(Behaviours behaviours, Clock clock) {
        return new WatchedScores(behaviours, clock);
    }

    @Bean
    Observations observations(Behaviours behaviours, RegionOf regions, Clock clock) {
        return new Observations(behaviours, regions, clock);
    }

    /// What admission books is what a client's baseline of model tokens is made of.
    @Bean
    UsageListener usageListener(Observations observations) {
        return observations::modelTokens;
    }

    @Bean
    ObservingFilter observingFilter(Observations observations) {
        return new ObservingFilter(observations);
    }

    @Bean
    AnomalyMeters anomalyMeters(MeterRegistry meters) {
        return new AnomalyMeters(meters);
    }

    @Bean
    LinkFailures linkFailures(AnomalyMeters meters, Clock clock) {
        return new PlatformLink(meters.scores(), clock);
    }

    @Bean
    Containments containments(
            Behaviours behaviours,
            PolicyInForce policy,
            LiveSessions live,
            AuditTrail trail,
            TokenServiceHttp tokenService,
            AnomalyMeters anomalies,
            SecureRandom random,
            Clock clock) {
        ContainmentReports reports = new ContainmentReports(tokenService, anomalies);
        Containments containments = new Containments(
                policy::containment,
                new EdgeMeasures(trail::recordDurably, live, reports::offer),
                anomalies::contained,
                Containments.onAThreadOfItsOwn(),
                new IncidentIds(random),
                clock);
        behaviours.onObservation(anomalies.scores());
        behaviours.onObservation(containments);
        return containments;
    }
}

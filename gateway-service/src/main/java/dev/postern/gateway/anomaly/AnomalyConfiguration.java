package dev.postern.gateway.anomaly;

import dev.postern.audit.AuditTrail;
import dev.postern.gateway.admission.UsageListener;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.gateway.policy.PolicyInForce;
import dev.postern.gateway.policy.RegionOf;
import dev.postern.gateway.relay.LinkFailures;
import dev.postern.gateway.relay.TokenServiceHttp;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Incidents;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

    private static final int INCIDENT_BYTES = 12;
    private static final int QUEUED = 1_024;

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
        return new PlatformLink(meters, clock);
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
        // A full queue means that hundreds of clients are being contained: the newest waits for the next step.
        ThreadPoolExecutor containing = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUED),
                Thread.ofPlatform().daemon().name("containment").factory(),
                (_, _) -> anomalies.contained("dropped").increment());
        containing.allowCoreThreadTimeOut(true);
        Containments containments = new Containments(
                policy::current,
                new Incidents(),
                live,
                trail::recordDurably,
                new ContainmentReports(tokenService, anomalies),
                anomalies,
                containing,
                () -> incidentId(random),
                clock);
        behaviours.onObservation(anomalies);
        behaviours.onObservation(containments);
        return containments;
    }

    private static String incidentId(SecureRandom random) {
        byte[] id = new byte[INCIDENT_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}

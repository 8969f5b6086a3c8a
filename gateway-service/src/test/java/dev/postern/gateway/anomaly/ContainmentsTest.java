package dev.postern.gateway.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.audit.DurableRecord;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.problem.Failure;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Containments;
import dev.postern.policy.anomaly.FailureKind;
import dev.postern.policy.anomaly.Origin;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ContainmentsTest {

    private static final Origin ORIGIN = new Origin("demo", "reports", "session-1", "token-1");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T18:54:25Z"));
    private final List<String> happened = new ArrayList<>();
    private final Behaviours behaviours = new Behaviours(10);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void spikeIsRecordedEndedAndReportedOnceInThisOrder() {
        watch(policy("revoke-session"), event -> happened.add("recorded " + ((ContainmentOrdered) event).rule()));
        storm();
        assertThat(happened)
                .containsExactly(
                        "recorded spike", "ended Session[sessionId=session-1] TOKEN_REVOKED", "reported incident");
    }

    @Test
    void samePlaceIsContainedAgainWhenItGoesOnAMinuteLater() {
        watch(policy("revoke-session"), _ -> {});
        storm();
        clock.advance(Duration.ofMinutes(20));
        behaviours.failed(ORIGIN, FailureKind.AUTHENTICATION, clock.millis());
        storm();
        assertThat(happened).filteredOn("reported incident"::equals).hasSize(2);
    }

    @Test
    void reissueAndRevokeClientEndEverythingOfTheClient() {
        watch(policy("reissue"), _ -> {});
        storm();
        assertThat(happened).contains("ended Client[clientId=reports] TOKEN_OUTDATED");
        happened.clear();
        watch(policy("revoke-client"), _ -> {});
        clock.advance(Duration.ofMinutes(20));
        behaviours.failed(ORIGIN, FailureKind.AUTHENTICATION, clock.millis());
        storm();
        assertThat(happened).contains("ended Client[clientId=reports] TOKEN_REVOKED");
    }

    @Test
    void whatCannotBeRecordedIsEndedNevertheless() {
        watch(policy("revoke-session"), _ -> {
            throw new AuditUnavailable(AuditUnavailable.Reason.FULL);
        });
        storm();
        assertThat(happened).hasSize(2);
        assertThat(meters.counter("postern.anomaly.contained", "outcome", "unrecorded")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void withoutPolicyOrReasonNothingIsContained() {
        watch(Optional.empty(), _ -> {});
        storm();
        assertThat(happened).isEmpty();
        watch(policy("revoke-session"), _ -> {});
        behaviours.request(new Origin("demo", "quiet", "s", "t"), "eu", clock.millis());
        assertThat(happened).isEmpty();
    }

    @Test
    void metersNameNoClient() {
        behaviours.onObservation(new AnomalyMeters(meters).scores());
        storm();
        assertThat(meters.get("postern.anomaly.score")
                        .tag("kind", "aead-failures")
                        .summary()
                        .max())
                .isGreaterThan(0.95);
        assertThat(meters.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain("reports"));
    }

    @Test
    void propertiesBindAndAreBounded() {
        assertThat(bind(Map.of()).clients()).isEqualTo(10_000);
        assertThat(bind(Map.of("postern.gateway.anomaly.clients", "7")).clients())
                .isEqualTo(7);
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.anomaly.clients", "0")))
                .isInstanceOf(BindException.class);
    }

    private static AnomalyProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("postern.gateway.anomaly", AnomalyProperties.class);
    }

    private void storm() {
        for (int i = 0; i < 300; i++) {
            behaviours.failed(ORIGIN, FailureKind.AUTHENTICATION, clock.millis());
        }
    }

    private void watch(Optional<String> policy, DurableRecord record) {
        PolicyInForce inForce = new PolicyInForce(Runnable::run);
        policy.ifPresent(json -> inForce.publish(1, json));
        behaviours.onObservation(new Containments(
                inForce::containment,
                new EdgeMeasures(record, this::end, order -> happened.add("reported " + order.incident())),
                new AnomalyMeters(meters)::contained,
                Runnable::run,
                () -> "incident",
                clock));
    }

    private int end(LiveSessions.Which which, Failure why) {
        happened.add("ended " + which + " " + why);
        return 1;
    }

    private static Optional<String> policy(String action) {
        return Optional.of("{\"containment\":[{\"id\":\"spike\",\"when\":"
                + "\"anomaly.aead_failures >= 0.95\",\"action\":\"" + action + "\"}]}");
    }
}

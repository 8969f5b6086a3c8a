package dev.postern.auditing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.ProducerSilent;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.sequence.Producer;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerWatchTest {
    private static final Producer GATEWAY = new Producer("spiffe://postern.local/service/gateway-service", "spool-1");
    private static final Producer RELAY = new Producer("spiffe://postern.local/service/inference-relay", "spool-2");
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final MutableClock clock = MutableClock.atNoon();
    private final List<AuditEvent> alerts = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProducerWatch watch =
            new ProducerWatch(new ProducersProperties(BOUND, Duration.ofHours(24)), alerts::add, registry, clock);

    private EventEnvelope event(Producer producer, String type) {
        return new EventEnvelope(
                producer.source(), producer.spool(), "id", 1, "dev.postern." + type, clock.instant(), Map.of());
    }

    private double gauge(Producer producer) {
        return registry.get("postern.audit.producer.silent")
                .tag("source", producer.source())
                .gauge()
                .value();
    }

    @Test
    void producerWhenNotHeardForLongerThanTheBoundThenToldOfOnce() {
        watch.heard(List.of(event(GATEWAY, "session.opened")));
        watch.heard(RELAY);
        clock.advance(BOUND);
        watch.heard(RELAY);
        watch.look();
        assertThat(alerts).as("not longer yet").isEmpty();
        clock.advance(Duration.ofSeconds(1));
        watch.look();
        watch.look();
        assertThat(alerts)
                .containsExactly(new ProducerSilent(
                        GATEWAY.source(),
                        GATEWAY.spool(),
                        clock.instant().minus(BOUND).minusSeconds(1)));
        assertThat(gauge(GATEWAY)).isOne();
        assertThat(gauge(RELAY)).isZero();

        watch.heard(GATEWAY);
        assertThat(gauge(GATEWAY)).isZero();
        clock.advance(BOUND.plusSeconds(1));
        watch.look();
        assertThat(alerts).as("silent again").hasSize(3);
    }

    @Test
    void producerWhenItStoppedThenNotSilent() {
        watch.heard(List.of(event(GATEWAY, "service.started"), event(GATEWAY, "service.stopped")));
        clock.advance(Duration.ofHours(1));
        watch.look();
        assertThat(alerts).isEmpty();
        watch.heard(List.of(event(GATEWAY, "service.started")));
        clock.advance(Duration.ofHours(1));
        watch.look();
        assertThat(alerts).hasSize(1);
    }

    @Test
    void producerWhenSilentForADayThenNotExpectedAnyMore() {
        watch.heard(GATEWAY);
        clock.advance(Duration.ofHours(2));
        watch.look();
        clock.advance(Duration.ofHours(23));
        watch.look();
        assertThat(gauge(GATEWAY)).isZero();
        assertThat(alerts).hasSize(1);
    }

    @Test
    void producersOfTheLogWhenTheServiceStartsThenExpectedFromThenOnUnlessStoppedOrOld() {
        clock.advance(Duration.ofDays(2));
        Producer old = new Producer("spiffe://postern.local/service/token-service", "spool-3");
        watch.begin(Map.of(
                GATEWAY, new Producer.Heard(clock.instant().minus(Duration.ofHours(3)), false),
                RELAY, new Producer.Heard(clock.instant().minus(Duration.ofHours(3)), true),
                old, new Producer.Heard(clock.instant().minus(Duration.ofDays(2)), false)));
        watch.look();
        assertThat(alerts).isEmpty();
        clock.advance(BOUND.plusSeconds(1));
        watch.look();
        assertThat(alerts).hasSize(1);
        assertThat(gauge(GATEWAY)).isOne();
    }

    @Test
    void spoolsWhenOneNamesTooManyThenBounded() {
        for (int i = 0; i < 3_000; i++) {
            watch.heard(new Producer(GATEWAY.source(), "spool-" + i));
        }
        watch.heard(RELAY);
        clock.advance(BOUND.plusSeconds(1));
        watch.look();
        assertThat(alerts).as("256 of that service, and the other one's").hasSize(257);
    }
}

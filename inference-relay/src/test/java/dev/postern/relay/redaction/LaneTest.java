package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What a lane has room for, and what it shows.
class LaneTest {
    private static final Request ITEM =
            Request.newBuilder().setAnswer(Answer.getDefaultInstance()).build();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BatchMeters meters = new BatchMeters(registry, "answer");

    private Lane lane(long mostBytes) {
        return new Lane(new BatchControl(1, 64, Duration.ofMillis(20)), meters, mostBytes);
    }

    private double waiting() {
        return registry.get("postern.redaction.queue").gauge().value();
    }

    private static Lane.Item item(Lane lane) {
        RedactionStream stream = new RedactionStream(new Nobody(), lane, lane, Duration.ofSeconds(2), () -> 0);
        return new Lane.Item(new RedactionExchange(1, stream, Runnable::run, new Nobody()), ITEM, 0);
    }

    @Test
    void oneItemAlwaysFitsAndTheNextOnlyWithinTheLimit() {
        Lane lane = lane(10);
        assertThat(lane.reserve(11)).isTrue();
        assertThat(lane.reserve(1)).isFalse();
        Lane other = lane(10);
        assertThat(other.reserve(6)).isTrue();
        assertThat(other.reserve(5)).isFalse();
        assertThat(other.reserve(4)).isTrue();
    }

    @Test
    void whatDoesNotFitTakesNoRoomAwayNotEvenForAMoment() throws Exception {
        int most = 3_000_000;
        Lane lane = lane(most);
        lane.reserve(1);
        AtomicBoolean over = new AtomicBoolean();
        Thread large = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                lane.reserve(most);
            }
        });
        try {
            for (int held = 1; held < most; held++) {
                assertThat(lane.reserve(1)).isTrue();
            }
        } finally {
            over.set(true);
            large.join();
        }
        assertThat(lane.reserve(1)).isFalse();
    }

    @Test
    void aLaneThatIsOverShowsNothingInPlaceOfTheNext() {
        Lane old = lane(10);
        old.add(item(old));
        assertThat(waiting()).isEqualTo(1);
        Lane next = lane(10);
        assertThat(waiting()).isZero();
        next.add(item(next));
        old.add(item(old));
        old.close();
        assertThat(waiting()).isEqualTo(1);
    }
}

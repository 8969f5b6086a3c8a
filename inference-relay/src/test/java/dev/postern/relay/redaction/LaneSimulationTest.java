package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The real lane and its control before a model of the service: one batch at a time, so much for a batch and so much
/// for each of its items. Time is simulated: minutes of it take no time.
@SuppressWarnings("NullAway.Init")
class LaneSimulationTest {
    private static final Duration TARGET = Duration.ofMillis(20);
    private static final Request ITEM =
            Request.newBuilder().setAnswer(Answer.getDefaultInstance()).build();

    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<Batch> withService = new ArrayDeque<>();
    private final long[] took = new long[10_000_000];
    private RedactionExchange exchange;
    private Lane lane;
    private long forBatch;
    private long forItem;
    private long now;
    private long begunAt;
    private long lastEnd;
    private int waiting;
    private int batches;
    private long served;

    @BeforeEach
    void control() {
        begin(new BatchControl(1, 64, TARGET));
    }

    private void begin(BatchControl control) {
        meters = new SimpleMeterRegistry();
        lane = new Lane(control, new BatchMeters(meters, "answer"), Long.MAX_VALUE);
        RedactionStream none = new RedactionStream(new Nobody(), lane, lane, Duration.ofSeconds(2), () -> now);
        exchange = new RedactionExchange(1, none, Runnable::run, new Nobody());
        withService.clear();
        waiting = 0;
        served = 0;
        batches = 0;
    }

    private void service(Duration forOneBatch, Duration forOneItem) {
        forBatch = forOneBatch.toNanos();
        forItem = forOneItem.toNanos();
    }

    /// Runs for `time` with an item every `pause`; with zero there are always more than anybody can serve.
    private void run(Duration time, Duration pause) {
        long end = now + time.toNanos();
        long nextArrival = now;
        while (now < end) {
            if (pause.isZero()) {
                while (waiting < 1000) {
                    arrive();
                }
            } else if (nextArrival <= now) {
                arrive();
                nextArrival += pause.toNanos();
            }
            send();
            long nextAnswer = withService.isEmpty() ? Long.MAX_VALUE : begunAt + busy(withService.element());
            now = Math.max(now, pause.isZero() ? nextAnswer : Math.min(nextAnswer, nextArrival));
            if (now == nextAnswer) {
                answer();
            }
        }
    }

    private void arrive() {
        assertThat(lane.reserve(ITEM.getSerializedSize())).isTrue();
        lane.add(new Lane.Item(exchange, ITEM, ITEM.getSerializedSize()));
        waiting++;
    }

    private void send() {
        for (Optional<Batch> next = lane.next(now); next.isPresent(); next = lane.next(now)) {
            if (withService.isEmpty()) {
                begunAt = now;
            }
            withService.add(next.get());
            waiting -= next.get().size();
        }
    }

    private void answer() {
        Batch batch = withService.remove();
        took[batches++] = busy(batch);
        served += batch.size();
        boolean whole = false;
        for (int i = 0; i < batch.size(); i++) {
            whole = batch.answered(exchange.id(), lastEnd, now);
        }
        assertThat(whole).isTrue();
        lastEnd = now;
        begunAt = now;
    }

    private long busy(Batch batch) {
        return forBatch + batch.size() * forItem;
    }

    private double perSecond(Duration time, Duration pause) {
        served = 0;
        batches = 0;
        run(time, pause);
        return served * 1e9 / time.toNanos();
    }

    private long p99() {
        long[] sorted = Arrays.copyOf(took, batches);
        Arrays.sort(sorted);
        return sorted[(int) (batches * 0.99)];
    }

    private double limit() {
        return meters.get("postern.redaction.batch.limit").gauge().value();
    }

    private double changes() {
        return meters.get("postern.redaction.batch.changes").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void atSaturationItServesManyTimesAsMuchAsOneAtATime() {
        service(Duration.ofNanos(200_000), Duration.ofNanos(10_000));
        begin(new BatchControl(1, 1, TARGET));
        double oneByOne = perSecond(Duration.ofSeconds(10), Duration.ZERO);
        begin(new BatchControl(1, 64, TARGET));
        run(Duration.ofSeconds(5), Duration.ZERO);

        assertThat(perSecond(Duration.ofSeconds(10), Duration.ZERO)).isGreaterThan(10 * oneByOne);
        assertThat(limit()).isEqualTo(64);
    }

    @Test
    void itFindsTheLargestBatchInTimeAndStaysThere() {
        // 19 items take 19.2 ms, 20 take 20.2.
        service(Duration.ofNanos(200_000), Duration.ofMillis(1));
        run(Duration.ofSeconds(60), Duration.ZERO);
        assertThat(limit()).isEqualTo(19);
        double before = changes();

        double served = perSecond(Duration.ofMinutes(10), Duration.ZERO);

        assertThat(p99()).isLessThanOrEqualTo(TARGET.toNanos());
        assertThat(changes() - before)
                .as("a few attempts, further and further apart")
                .isLessThan(100);
        assertThat(served).as("of at most 1,000").isGreaterThan(970);
    }

    @Test
    void itShrinksInASlowPhaseAndRecovers() {
        service(Duration.ofNanos(200_000), Duration.ofNanos(100_000));
        run(Duration.ofSeconds(10), Duration.ZERO);
        assertThat(limit()).isEqualTo(64);

        service(Duration.ofMillis(2), Duration.ofMillis(1));
        run(Duration.ofSeconds(5), Duration.ZERO);
        double slow = limit();
        assertThat(slow).isLessThanOrEqualTo(24);
        batches = 0;
        run(Duration.ofSeconds(5), Duration.ZERO);
        assertThat(p99()).isLessThan(TARGET.plusMillis(5).toNanos());

        service(Duration.ofNanos(200_000), Duration.ofNanos(100_000));
        run(Duration.ofSeconds(10), Duration.ZERO);
        assertThat(limit()).isEqualTo(64);
    }

    @Test
    void anIdleLaneSendsEachItemAtOnceWhateverItsLimit() {
        service(Duration.ofNanos(200_000), Duration.ofNanos(10_000));
        begin(new BatchControl(64, 64, TARGET));

        // Every millisecond one that takes a fifth of that.
        perSecond(Duration.ofSeconds(1), Duration.ofMillis(1));

        assertThat(batches).isEqualTo((int) served).isBetween(999, 1001);
    }

    @Test
    void whatNobodyNeedsAnyMoreIsGivenBack() {
        service(Duration.ofNanos(200_000), Duration.ofNanos(10_000));
        run(Duration.ofSeconds(5), Duration.ZERO);
        run(Duration.ofSeconds(1), Duration.ofMillis(1));
        run(Duration.ofSeconds(9), Duration.ofMillis(1));
        assertThat(limit()).isEqualTo(1);
    }

    @Test
    void underModerateLoadTheLimitSettles() {
        // Two thirds of what one by one can serve.
        service(Duration.ofNanos(200_000), Duration.ofNanos(10_000));
        run(Duration.ofSeconds(10), Duration.ofNanos(315_000));
        double before = changes();
        run(Duration.ofSeconds(60), Duration.ofNanos(315_000));
        assertThat(changes()).isEqualTo(before);
    }
}

package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RejectionCoalescerTest {

    private record Emitted(AuditEvent event, Instant time) {}

    private final MutableClock clock = MutableClock.atNoon();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private final List<Emitted> emitted = new ArrayList<>();
    private boolean full;
    private final RejectionCoalescer coalescer =
            new RejectionCoalescer(Duration.ofSeconds(1), clock, (task, _) -> timers.add(task), this::emit);

    private CompletableFuture<Void> emit(AuditEvent event, Instant time) {
        if (full) {
            return CompletableFuture.failedFuture(new AuditUnavailable(AuditUnavailable.Reason.FULL));
        }
        emitted.add(new Emitted(event, time));
        return CompletableFuture.completedFuture(null);
    }

    private static FrameRejected frame(String reason, String session) {
        return new FrameRejected(reason, Optional.of(session), Optional.empty(), 1);
    }

    @Test
    void floodBecomesOneEventWithItsCountAndTheTimeOfTheFirst() {
        Instant first = clock.instant();
        List<CompletableFuture<Void>> recorded = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            recorded.add(coalescer.add(frame("replayed", "s-1")));
            clock.advance(Duration.ofNanos(900_000));
        }
        assertThat(emitted).isEmpty();
        assertThat(recorded).noneMatch(CompletableFuture::isDone);

        timers.remove().run();

        assertThat(emitted).containsExactly(new Emitted(frame("replayed", "s-1").withCount(1000), first));
        assertThat(recorded).allMatch(CompletableFuture::isDone);
        assertThat(timers).isEmpty();
    }

    @Test
    void differentReasonsAndSessionsStayApart() {
        var _ = coalescer.add(frame("replayed", "s-1"));
        var _ = coalescer.add(frame("replayed", "s-2"));
        var _ = coalescer.add(frame("altered", "s-1"));
        timers.forEach(Runnable::run);
        assertThat(emitted).hasSize(3);
    }

    @Test
    void countsGoOnWhileTheSpoolIsFull() {
        full = true;
        CompletableFuture<Void> early = coalescer.add(frame("replayed", "s-1"));
        timers.remove().run();
        CompletableFuture<Void> late = coalescer.add(frame("replayed", "s-1"));
        assertThat(emitted).isEmpty();

        full = false;
        timers.remove().run();

        assertThat(emitted)
                .extracting(Emitted::event)
                .containsExactly(frame("replayed", "s-1").withCount(2));
        assertThat(early).isCompleted();
        assertThat(late).isCompleted();
    }

    @Test
    void tooManyKindsGoOutOneByOne() {
        for (int i = 0; i < RejectionCoalescer.MAX_KEYS; i++) {
            var _ = coalescer.add(frame("replayed", "s-" + i));
        }
        assertThat(emitted).isEmpty();
        assertThat(coalescer.add(frame("replayed", "one-more"))).isCompleted();
        assertThat(emitted).hasSize(1);
    }

    @Test
    void closeLetsEverythingOut() {
        CompletableFuture<Void> held = coalescer.add(frame("replayed", "s-1"));
        coalescer.close();
        assertThat(held).isCompleted();
        assertThat(coalescer.add(frame("replayed", "s-1"))).isCompleted();
        assertThat(emitted).hasSize(2);
    }
}

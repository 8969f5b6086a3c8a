package dev.postern.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.replay.ReplayStore;
import dev.postern.relay.replay.ReplayStore.Verdict;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What waits for the store, in which order it passes, and what it may hold. The test turns the event loop and answers
/// for the store.
class SharedWindowTest {
    private static final long COST = 256;

    private final ByteBudget budget = new ByteBudget(3 * (100 + COST));
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Store store = new Store();
    private final Outcomes outcomes = new Outcomes();
    private final SharedWindow window = new SharedWindow(
            store, "session", 1024, Duration.ofMinutes(1), Duration.ZERO, budget, loop::add, () -> 0L, outcomes);

    @Test
    void whatArrivesInOneTurnIsMarkedInOneStepAndPassesInOrder() {
        take(0);
        take(1);
        turn();
        assertThat(store.asked).containsExactly(List.of(0L, 1L));
        assertThat(outcomes.passed).isEmpty();

        store.answer(new Verdict.Marked(List.of(true, true)));
        turn();
        assertThat(outcomes.passed).containsExactly(0L, 1L);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void whatArrivesWhileAStepIsUnderWayWaitsForTheNext() {
        take(0);
        turn();
        take(1);
        take(2);
        turn();
        assertThat(store.asked).containsExactly(List.of(0L));

        store.answer(new Verdict.Marked(List.of(true)));
        turn();
        assertThat(store.asked).containsExactly(List.of(0L), List.of(1L, 2L));
    }

    @Test
    void whatWasSeenElsewhereDoesNotPass() {
        take(0);
        take(1);
        turn();
        store.answer(new Verdict.Marked(List.of(false, true)));
        turn();
        assertThat(outcomes.passed).containsExactly(1L);
        assertThat(outcomes.replayed).isEqualTo(1);
    }

    @Test
    void itIsSettledWhenTheLastHasPassedOrWasDroppedAndNotBefore() {
        take(0);
        turn();
        take(1);
        take(2);
        store.answer(new Verdict.Marked(List.of(true)));
        turn();
        assertThat(outcomes.settled).isZero();
        assertThat(window.isEmpty()).isFalse();
        store.answer(new Verdict.Marked(List.of(true, false)));
        turn();
        assertThat(outcomes.settled).isEqualTo(1);
        assertThat(outcomes.emptyWhilePassing).isFalse();
    }

    @Test
    void aStepThatBreaksOffIsToldOfAndHoldsNothing() {
        outcomes.bug = new IllegalStateException("by a bug");
        take(0);
        turn();
        store.answer(new Verdict.Marked(List.of(true)));
        turn();
        assertThat(outcomes.failure).isSameAs(outcomes.bug);
        assertThat(budget.kept()).isZero();
    }

    @Test
    void whatHasNoRoomIsLeftOutAndThePassedMakesRoom() {
        assertThat(take(0) && take(1) && take(2)).isTrue();
        assertThat(take(3)).isFalse();
        turn();
        store.answer(new Verdict.Marked(List.of(true, true, true)));
        turn();
        assertThat(budget.kept()).isZero();
        assertThat(take(4)).isTrue();
    }

    @Test
    void whatWaitsWhenTheSessionEndsHoldsNothing() {
        take(0);
        turn();
        take(1);
        window.close();
        store.answer(new Verdict.Marked(List.of(true)));
        turn();
        assertThat(budget.kept()).isZero();
    }

    @Test
    void aStoreThatForgotOrIsBackCostsAnEpochAndANewFence() {
        take(0);
        turn();
        store.answer(new Verdict.Forgotten());
        turn();
        assertThat(outcomes.passed).as("the own window has called it fresh").containsExactly(0L);
        assertThat(outcomes.renewed).isEqualTo(1);
        assertThat(store.owned).isEqualTo(2);
    }

    @Test
    void aStoreThatIsAwayForTooLongEndsTheSession() {
        take(0);
        turn();
        store.answer(new Verdict.Away());
        turn();
        assertThat(outcomes.storeLost).isEqualTo(1);
        assertThat(outcomes.passed).isEmpty();
    }

    private boolean take(long seq) {
        return window.take(new Received.Delivered(0, seq, 1, (int) seq, Chunk.MORE, ContentType.BYTES, new byte[100]));
    }

    private void turn() {
        for (Runnable step = loop.poll(); step != null; step = loop.poll()) {
            step.run();
        }
    }

    private static final class Store implements ReplayStore {
        private final List<List<Long>> asked = new ArrayList<>();
        private final Queue<CompletableFuture<Verdict>> answers = new ArrayDeque<>();
        private int owned;

        @Override
        public Fence own(String session, Duration life) {
            owned++;
            return new Fence("fence-" + owned, 0, List.of());
        }

        @Override
        public Fence ownAnew(String session, Fence last, Duration life) {
            return own(session, life);
        }

        @Override
        public CompletionStage<Verdict> mark(Marks marks) {
            asked.add(marks.numbers());
            CompletableFuture<Verdict> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        void answer(Verdict verdict) {
            answers.remove().complete(verdict);
        }
    }

    private final class Outcomes implements SharedWindow.Outcome {
        private final List<Long> passed = new ArrayList<>();
        private @Nullable RuntimeException bug;
        private @Nullable RuntimeException failure;
        private boolean emptyWhilePassing;
        private int settled;
        private int replayed;
        private int renewed;
        private int storeLost;

        @Override
        public void pass(Received.Delivered chunk) {
            if (bug != null) {
                throw bug;
            }
            emptyWhilePassing |= window.isEmpty();
            passed.add(chunk.seq());
        }

        @Override
        public void replayed() {
            replayed++;
        }

        @Override
        public void renew() {
            renewed++;
        }

        @Override
        public void fenced() {}

        @Override
        public void storeLost() {
            storeLost++;
        }

        @Override
        public void settled() {
            settled++;
        }

        @Override
        public void failed(RuntimeException thrown) {
            failure = thrown;
        }
    }
}

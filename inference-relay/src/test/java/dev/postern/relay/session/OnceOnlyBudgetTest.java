package dev.postern.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.journal.Effect;
import dev.postern.relay.journal.Result;
import dev.postern.relay.journal.ResultJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What an answer on its way to the journal may hold, and that it gives it back however it ends.
class OnceOnlyBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final Kept journal = new Kept();
    private final OnceOnly once =
            new OnceOnly(journal, budget, new Effect("acme", "app", "id"), Duration.ofMinutes(1), true);

    @Test
    void aWholeAnswerIsKeptAndItsShareGivenBack() {
        once.begun();
        once.passed(new byte[60]);
        assertThat(budget.kept()).isEqualTo(60);
        once.whole();
        assertThat(journal.results)
                .singleElement()
                .satisfies(result -> assertThat(result.contents()).hasSize(1));
        assertThat(budget.kept()).isZero();
    }

    @Test
    void anAnswerWithoutRoomIsNotKeptAndHoldsNothing() {
        once.begun();
        once.passed(new byte[60]);
        once.passed(new byte[60]);
        assertThat(budget.kept()).isZero();
        once.passed(new byte[1]);
        once.whole();
        assertThat(journal.results).as("no part of an answer").isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffGivesItsShareBack() {
        once.begun();
        once.passed(new byte[60]);
        once.failed(true);
        assertThat(budget.kept()).isZero();
        assertThat(journal.forgotten).as("it may have had its effect").isZero();
    }

    private static final class Kept implements ResultJournal {
        private final List<Result> results = new ArrayList<>();
        private int forgotten;

        @Override
        public CompletionStage<Claim> claim(Effect effect, Duration life) {
            return CompletableFuture.completedStage(new Claim.First());
        }

        @Override
        public void keep(Effect effect, Result result, Duration life) {
            results.add(result);
        }

        @Override
        public void forget(Effect effect) {
            forgotten++;
        }
    }
}

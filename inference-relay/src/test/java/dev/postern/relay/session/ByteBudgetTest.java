package dev.postern.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(10);

    @Test
    void whatIsOverTheLimitIsNotCounted() {
        assertThat(budget.tryTake(6)).isTrue();
        assertThat(budget.tryTake(5)).isFalse();
        assertThat(budget.kept()).isEqualTo(6);
        assertThat(budget.tryTake(4)).isTrue();
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        assertThat(budget.tryTake(10)).isTrue();
        budget.give(10);
        assertThat(budget.tryTake(10)).isTrue();
    }

    @Test
    void whatIsRefusedIsNotCountedForAMomentEither() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread large = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                budget.tryTake(11);
            }
        });
        try {
            for (int i = 0; i < 3_000_000; i++) {
                assertThat(budget.tryTake(10)).isTrue();
                budget.give(10);
            }
        } finally {
            over.set(true);
            large.join();
        }
    }
}

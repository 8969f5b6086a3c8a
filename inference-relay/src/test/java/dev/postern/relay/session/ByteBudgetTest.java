package dev.postern.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

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
}

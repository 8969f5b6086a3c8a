package dev.postern.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import org.junit.jupiter.api.Test;

final class BodyBudgetTest {
    @Test
    void overTheLimitARequestIsRefusedAndItsShareGivenBackOnce() {
        BodyBudget budget = new BodyBudget(10);
        BodyBudget.Lease one = budget.lease();
        one.take(8);
        BodyBudget.Lease other = budget.lease();
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> other.take(3))
                .satisfies(refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED));
        other.release();
        other.release();
        assertThat(budget.kept()).isEqualTo(8);
        one.release();
        assertThat(budget.kept()).isZero();
    }
}

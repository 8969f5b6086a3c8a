package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PolicyInForceTest {
    private final PolicyInForce policy = new PolicyInForce(Runnable::run);
    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void policyWhenNoneWasPublishedThenNoneIsInForceAndNothingIsContained() {
        assertThat(policy.current()).isEmpty();
        assertThat(policy.epoch()).isZero();
        assertThat(policy.containment(Facts.at(Instant.EPOCH))).isEmpty();
    }

    @Test
    void policyWhenItCannotBeReadThenTheOneBeforeStaysAndNobodyIsTold() {
        policy.publish(1, PolicySet.DEFAULT_JSON);
        policy.onChange(changes::incrementAndGet);

        policy.publish(2, "{\"rules\":[{\"id\":\"x\"}]}");

        assertThat(policy.epoch()).isEqualTo(1);
        assertThat(policy.refused()).isEqualTo(1);
        assertThat(changes).hasValue(0);
        policy.publish(3, PolicySet.DEFAULT_JSON);
        assertThat(policy.epoch()).isEqualTo(3);
        assertThat(changes).hasValue(1);
    }

    @Test
    void policyWhenItMakesTheCompilerFailThenItIsCountedAsRefused() {
        PolicyInForce broken = new PolicyInForce(Runnable::run, _ -> {
            throw new IllegalStateException("a bug");
        });

        broken.publish(1, PolicySet.DEFAULT_JSON);

        assertThat(broken.current()).isEmpty();
        assertThat(broken.refused()).isEqualTo(1);
    }
}

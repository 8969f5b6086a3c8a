package dev.postern.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.platform.TestFeed;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PolicyInForceTest {
    private final TestFeed feed = new TestFeed();
    private final PolicyInForce policy = new PolicyInForce(Runnable::run);

    @Test
    void policyWhenNoneWasPublishedThenNoneIsInForce() {
        assertThat(policy.current()).isEmpty();
    }

    @Test
    void policyWhenOneIsInForceAlreadyThenItIsTaken() {
        policy.follow(feed);

        assertThat(policy.current().orElseThrow().epoch()).isEqualTo(1);
    }

    @Test
    void policyWhenItCannotBeReadThenTheOneBeforeStaysAndNobodyIsTold() {
        policy.follow(feed);
        AtomicInteger changes = new AtomicInteger();
        policy.onChange(changes::incrementAndGet);

        feed.publish("{\"rules\":[{\"id\":\"x\"}]}", false);

        assertThat(policy.current().orElseThrow().epoch()).isEqualTo(1);
        assertThat(policy.refused()).isEqualTo(1);
        assertThat(changes).hasValue(0);
        feed.reset();
        assertThat(policy.current().orElseThrow().epoch()).isEqualTo(3);
        assertThat(changes).hasValue(1);
    }
}

package dev.postern.relay.anomaly;

import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Containment;
import dev.postern.policy.Facts;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.TrustFeed;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The containment rules of the policy in force. Compiled on a thread of its own; a set that cannot be compiled does
/// not come into force. Before the first there are none, and nothing is contained.
final class ContainmentRules {

    private static final Logger log = LoggerFactory.getLogger(ContainmentRules.class);

    private final Executor compiling;
    private volatile @Nullable CompiledPolicy current;

    /// @param compiling one thread, so that sets come into force in order
    ContainmentRules(Executor compiling) {
        this.compiling = compiling;
    }

    void follow(TrustFeed feed) {
        feed.onPolicy(published -> compiling.execute(() -> take(published)));
    }

    Optional<Containment> containment(Facts facts) {
        CompiledPolicy policy = current;
        return policy == null ? Optional.empty() : policy.containment(facts);
    }

    private void take(PolicyPublished published) {
        try {
            current = CompiledPolicy.compile(PolicySet.parse(published.policySetJson()));
        } catch (PolicyRejected rejected) {
            log.error(
                    "policy {} cannot be used and the one before stays in force: {} problems",
                    published.epoch(),
                    rejected.problems().size());
        }
    }
}

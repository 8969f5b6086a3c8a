package dev.postern.relay.policy;

import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Containment;
import dev.postern.policy.Facts;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.TrustFeed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policy set that the trust feed published last. Compiled on a thread of its own; a set that cannot be compiled
/// does not come into force, and the one before stays. Safe for any thread.
public final class PolicyInForce {

    private static final Logger log = LoggerFactory.getLogger(PolicyInForce.class);

    private final Executor compiling;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable CompiledPolicy current;

    /// @param compiling one thread, so that sets come into force in order
    public PolicyInForce(Executor compiling) {
        this.compiling = compiling;
    }

    public void follow(TrustFeed feed) {
        feed.onPolicy(published -> compiling.execute(() -> take(published)));
    }

    /// Calls `listener` after each change, on the compiling thread.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Empty before the first.
    public Optional<CompiledPolicy> current() {
        return Optional.ofNullable(current);
    }

    /// What its containment rules say; nothing before the first.
    public Optional<Containment> containment(Facts facts) {
        return current().flatMap(policy -> policy.containment(facts));
    }

    private void take(PolicyPublished published) {
        try {
            current = CompiledPolicy.compile(PolicySet.parse(published.policySetJson()));
            listeners.forEach(Runnable::run);
        } catch (PolicyRejected rejected) {
            log.error(
                    "policy {} cannot be used and the one before stays in force: {} problems",
                    published.epoch(),
                    rejected.problems().size());
        }
    }
}

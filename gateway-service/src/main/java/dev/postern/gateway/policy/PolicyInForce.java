package dev.postern.gateway.policy;

import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.TrustFeed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policy set that the trust feed published last, compiled.
///
/// Compiling takes its time, so it is done on a thread of its own. A set that cannot be compiled does not come into
/// force: the one before stays, and the count of refused ones says so. Before the first there is none, and callers
/// refuse what needs one: failure direction closed.
///
/// Safe for any thread.
public final class PolicyInForce {
    private static final Logger log = LoggerFactory.getLogger(PolicyInForce.class);

    private final Executor compiling;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable InForce current;

    /// @param compiling one thread, so that sets come into force in order
    PolicyInForce(Executor compiling) {
        this.compiling = compiling;
    }

    void follow(TrustFeed feed) {
        feed.onPolicy(published -> compiling.execute(() -> take(published)));
    }

    /// The set to decide by. Never waits.
    public Optional<InForce> current() {
        return Optional.ofNullable(current);
    }

    /// Calls `listener` after each change, on the compiling thread.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// How many published sets could not be compiled.
    long refused() {
        return refused.get();
    }

    private void take(PolicyPublished published) {
        try {
            CompiledPolicy compiled = CompiledPolicy.compile(PolicySet.parse(published.policySetJson()));
            current = new InForce(published.epoch(), compiled);
            log.info("policy {} is in force", published.epoch());
            listeners.forEach(Runnable::run);
        } catch (PolicyRejected rejected) {
            refused.incrementAndGet();
            log.error(
                    "policy {} cannot be used and the one before stays in force: {} problems",
                    published.epoch(),
                    rejected.problems().size());
        }
    }
}

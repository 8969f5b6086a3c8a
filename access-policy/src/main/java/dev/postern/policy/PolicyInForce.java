package dev.postern.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policy set that was published last, compiled.
///
/// Compiling takes its time, so it is done on a thread of its own. A set that cannot be compiled, for whatever reason,
/// does not come into force: the one before stays, and the count of refused ones says so. Before the first there is
/// none, and callers refuse what needs one: failure direction closed.
///
/// Safe for any thread.
public final class PolicyInForce {
    private static final Logger log = LoggerFactory.getLogger(PolicyInForce.class);

    /// Makes a policy of its document.
    @FunctionalInterface
    interface Compiler {
        CompiledPolicy compile(String policySetJson) throws PolicyRejected;
    }

    private final Executor compiling;
    private final Compiler compiler;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable InForce current;

    /// @param compiling one thread, so that sets come into force in order; it must not lose any
    public PolicyInForce(Executor compiling) {
        this(compiling, json -> CompiledPolicy.compile(PolicySet.parse(json)));
    }

    PolicyInForce(Executor compiling, Compiler compiler) {
        this.compiling = compiling;
        this.compiler = compiler;
    }

    /// With a daemon thread, which exists while there is something to compile and does nothing else.
    public static PolicyInForce onAThreadOfItsOwn() {
        ThreadPoolExecutor compiling = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("policy-compiler").factory());
        compiling.allowCoreThreadTimeOut(true);
        return new PolicyInForce(compiling);
    }

    /// Compiles a published set, later and in order, and puts it in force.
    public void publish(long epoch, String policySetJson) {
        compiling.execute(() -> compile(epoch, policySetJson).ifPresent(this::enforce));
    }

    /// The set to decide by. Never waits.
    public Optional<InForce> current() {
        return Optional.ofNullable(current);
    }

    /// The epoch of the set in force; 0 before the first.
    public long epoch() {
        return current().map(InForce::epoch).orElse(0L);
    }

    /// What its containment rules say. Before the first set nothing is contained. Never waits.
    public Optional<Containment> containment(Facts facts) {
        return current().flatMap(inForce -> inForce.policy().containment(facts));
    }

    /// Calls `listener` after each change, on the compiling thread.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// How many published sets could not be compiled.
    public long refused() {
        return refused.get();
    }

    private void enforce(InForce next) {
        current = next;
        log.info("policy {} is in force", next.epoch());
        listeners.forEach(Runnable::run);
    }

    private Optional<InForce> compile(long epoch, String policySetJson) {
        try {
            return Optional.of(new InForce(epoch, compiler.compile(policySetJson)));
        } catch (PolicyRejected rejected) {
            refused.incrementAndGet();
            log.error(
                    "policy {} cannot be used and the one before stays in force: {} problems",
                    epoch,
                    rejected.problems().size());
        } catch (RuntimeException bug) {
            refused.incrementAndGet();
            // Its class only: a message may quote the document.
            log.error("policy {} made the compiler fail and the one before stays in force: {}", epoch, bug.getClass());
        }
        return Optional.empty();
    }
}

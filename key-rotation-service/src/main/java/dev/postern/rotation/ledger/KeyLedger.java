package dev.postern.rotation.ledger;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Move;
import dev.postern.rotation.lifecycle.RotationPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies what the policy decides: audit first, then disk, then everybody's view. A step that cannot be audited or
/// written does not happen and is tried again with the next tick; so a version that was ever published is on disk.
///
/// Safe for any thread. One lock guards everything that changes; [#ring] is read without it.
public final class KeyLedger {
    private static final Logger log = LoggerFactory.getLogger(KeyLedger.class);
    /// Longer pauses between two ticks mean that this process, not the others, was away.
    private static final Duration LONGEST_TICK = Duration.ofSeconds(5);
    /// How long a destroyed key's id is kept from coming back.
    private static final Duration MEMORY = Duration.ofHours(24);
    /// A holder needs one signing key, one spare, and a few that retire.
    private static final int MOST_KEYS_PER_HOLDER = 16;
    private static final int MOST_PROCESSES = 1000;

    /// What an operator's rotation did.
    public record Rotated(List<String> activated, List<String> retiring) {}

    private final LedgerFile file;
    private final RotationPolicy policy;
    private final AuditLine audit;
    private final KeyObserver observer;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Attendance attendance;
    private final Set<String> replace = new HashSet<>();
    private Instant lastTick;
    private volatile KeyRing ring;

    /// Continues where the file ends, one version on.
    ///
    /// @throws LedgerUnusable if the file is there and cannot be read or written
    public KeyLedger(Path path, RotationPolicy policy, AuditLine audit, KeyObserver observer, Clock clock) {
        this.file = new LedgerFile(path);
        this.policy = policy;
        this.audit = audit;
        this.observer = observer;
        this.clock = clock;
        this.lastTick = clock.instant();
        this.attendance = new Attendance(lastTick);
        this.ring = file.read().renumbered();
        try {
            file.write(ring);
        } catch (IOException e) {
            throw new LedgerUnusable(path, e);
        }
    }

    /// The newest published ring.
    public KeyRing ring() {
        return ring;
    }

    /// A poll by a process that has applied version `applied`. Returns what it should apply next.
    public KeyRing poll(Holder holder, long applied) {
        lock.lock();
        try {
            Instant now = clock.instant();
            boolean ahead = applied > ring.version();
            if (ahead) {
                // It has seen versions that we have lost: it will refuse ours, so it acknowledges nothing.
                log.error("directory consumer {} is ahead of the ledger: was the ledger rolled back?", holder.id());
            }
            if (attendance.heartbeats().size() < MOST_PROCESSES
                    || attendance.heartbeats().containsKey(holder)) {
                attendance.heard(holder, ahead ? 0 : applied, now);
            }
            advance(now);
            return ring;
        } finally {
            lock.unlock();
        }
    }

    /// Prepares a new key of its owner. Repeating a registration changes nothing.
    ///
    /// @throws RegistrationRefused if the id is taken or the holder has too many
    /// @throws AuditUnavailable if it cannot be recorded; nothing has happened then
    public ManagedKey register(Holder holder, KeyClass keyClass, String kid, Map<String, String> jwk)
            throws AuditUnavailable {
        lock.lock();
        try {
            Instant now = clock.instant();
            ManagedKey known = ring.find(kid).orElse(null);
            if (known != null) {
                boolean same = known.holder().equals(holder)
                        && known.jwk().equals(jwk)
                        && known.state().published();
                if (!same) {
                    throw new RegistrationRefused(RegistrationRefused.Reason.KEY_ID_TAKEN);
                }
                return known;
            }
            if (ring.of(holder).stream().filter(key -> key.state().published()).count() >= MOST_KEYS_PER_HOLDER) {
                throw new RegistrationRefused(RegistrationRefused.Reason.TOO_MANY_KEYS);
            }
            ManagedKey key = new ManagedKey(
                    keyClass, kid, holder.id(), holder.instance(), jwk, new KeyState.Prepared(now, ring.nextVersion()));
            audit.recordDurably(Step.transition(key, "NONE", key.state().label(), "registered"));
            publish(ring.withNew(key));
            attendance.alive(holder, now);
            observer.moved(key.state().label(), "registered");
            advance(now);
            return ring.find(kid).orElse(key);
        } catch (IOException e) {
            throw new LedgerUnwritable(e);
        } finally {
            lock.unlock();
        }
    }

    /// Replaces every active key of a class, and waits until the new ones are active in the directory.
    ///
    /// @throws RotationImpossible if there is nothing to rotate, or no spare appears within `patience`; the wish is
    ///     then withdrawn
    /// @throws AuditUnavailable if the wish cannot be recorded
    public Rotated rotate(KeyClass keyClass, URI operator, Duration patience)
            throws AuditUnavailable, InterruptedException {
        lock.lockInterruptibly();
        try {
            List<ManagedKey> old = active(keyClass);
            if (old.isEmpty()) {
                throw new RotationImpossible(RotationImpossible.Reason.NOTHING_ACTIVE);
            }
            audit.recordDurably(
                    new AdminChanged(operator.toString(), "rotation-requested", "key-class", keyClass.wireName()));
            List<String> wanted = old.stream().map(ManagedKey::kid).toList();
            replace.addAll(wanted);
            advance(clock.instant());
            long left = patience.toNanos();
            while (!wanted.stream().allMatch(this::replaced)) {
                if (left <= 0) {
                    wanted.forEach(replace::remove);
                    throw new RotationImpossible(RotationImpossible.Reason.NO_SPARE);
                }
                left = changed.awaitNanos(left);
            }
            Set<Holder> holders = new HashSet<>();
            old.forEach(key -> holders.add(key.holder()));
            List<String> activated = active(keyClass).stream()
                    .filter(key -> holders.contains(key.holder()))
                    .map(ManagedKey::kid)
                    .toList();
            return new Rotated(activated, wanted);
        } finally {
            lock.unlock();
        }
    }

    /// Lets time pass. Called a few times a second by one thread.
    public void tick() {
        lock.lock();
        try {
            Instant now = clock.instant();
            Duration gap = Duration.between(lastTick, now);
            if (gap.isNegative() || gap.compareTo(LONGEST_TICK) > 0) {
                log.warn("time jumped by {} s; nobody's silence counts before now", gap.toSeconds());
                attendance.forgive(now);
            }
            lastTick = now;
            attendance.forget(policy.ownerSilence().multipliedBy(4), now);
            advance(now);
            ring = ring.forgetting(now.minus(MEMORY));
        } finally {
            lock.unlock();
        }
    }

    /// Who was heard from lately.
    public Map<Holder, Attendance.Heartbeat> attendance() {
        lock.lock();
        try {
            return attendance.heartbeats();
        } finally {
            lock.unlock();
        }
    }

    private void advance(Instant now) {
        List<Step> steps = policy.due(ring, attendance, replace, now).stream()
                .map(move -> Step.of(move, attendance, policy.consumerWindow(), now))
                .toList();
        if (steps.isEmpty()) {
            return;
        }
        try {
            for (Step step : steps) {
                audit.recordDurably(step.event());
            }
            publish(ring.after(steps.stream().map(Step::move).toList()));
        } catch (AuditUnavailable unavailable) {
            log.warn("{} key transitions wait: audit is unavailable ({})", steps.size(), unavailable.reason());
            observer.delayed();
            return;
        } catch (IOException e) {
            log.error("{} key transitions wait: the ledger cannot be written", steps.size(), e);
            observer.delayed();
            return;
        }
        steps.forEach(this::tell);
    }

    private void tell(Step step) {
        Move move = step.move();
        log.info("key {} {} -> {} ({})", move.key().kid(), move.from(), move.to(), step.cause());
        observer.moved(move.to(), move.cause().code());
        replace.remove(move.key().kid());
        for (Holder silent : step.leftBehind()) {
            log.warn("key {} did not wait for {} {}", move.key().kid(), silent.id(), silent.instance());
        }
        if (!step.leftBehind().isEmpty()) {
            observer.leftBehind(step.leftBehind().size());
        }
    }

    private void publish(KeyRing next) throws IOException {
        file.write(next);
        ring = next;
        changed.signalAll();
    }

    private List<ManagedKey> active(KeyClass keyClass) {
        return ring.published().stream()
                .filter(key -> key.keyClass() == keyClass && key.state() instanceof KeyState.Active)
                .toList();
    }

    private boolean replaced(String kid) {
        return ring.find(kid)
                .map(key -> !(key.state() instanceof KeyState.Active))
                .orElse(true);
    }
}

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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies what the policy decides: audit first, then disk, then everybody's view. A step that cannot be audited or
/// written does not happen and is tried again with the next tick; so a version that was ever published is on disk.
///
/// Safe for any thread. One lock guards everything that changes; [#ring] is read without it.
public final class KeyLedger {
    private static final Logger log = LoggerFactory.getLogger(KeyLedger.class);
    /// Longer pauses between two looks at the clock mean that this process, not the others, was away.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// A disk that refused a write is left alone this long: every try puts the same transition on the audit log.
    private static final Duration WRITE_PAUSE = Duration.ofSeconds(5);
    /// How long a destroyed key's id is kept from coming back.
    private static final Duration MEMORY = Duration.ofHours(24);
    /// A holder needs one signing key, one spare, and a few that retire.
    private static final int MOST_KEYS_PER_HOLDER = 16;

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
    private final List<Consumer<KeyRing>> listeners = new CopyOnWriteArrayList<>();
    private Instant lastLook;
    private Instant nextWrite = Instant.MIN;
    private volatile KeyRing ring;

    /// Continues where the file ends, at least one version on, and never below the seconds of the epoch: so a
    /// ledger that was lost or restored from a copy does not go back behind what followers have seen.
    ///
    /// @throws LedgerUnusable if the file is there and cannot be read or written
    public KeyLedger(Path path, RotationPolicy policy, AuditLine audit, KeyObserver observer, Clock clock) {
        this.file = new LedgerFile(path);
        this.policy = policy;
        this.audit = audit;
        this.observer = observer;
        this.clock = clock;
        this.lastLook = clock.instant();
        this.attendance = new Attendance(lastLook);
        this.ring = file.read().renumbered(lastLook.getEpochSecond());
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

    /// Called with each new ring, under the ledger's lock: a listener hands over and returns.
    public void onChange(Consumer<KeyRing> listener) {
        listeners.add(listener);
    }

    /// A poll by a process that has applied version `applied`. Returns what it should apply next.
    public KeyRing poll(Holder holder, long applied) {
        lock.lock();
        try {
            Instant now = now();
            boolean ahead = applied > ring.version();
            if (ahead) {
                // It has seen versions that we have lost: it will refuse ours, so it acknowledges nothing.
                log.error("directory consumer {} is ahead of the ledger: was the ledger rolled back?", holder.id());
            }
            if (attendance.hasRoomFor(holder)) {
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
    /// @throws RegistrationRefused if the id is taken, the holder has too many, or its service too many processes
    /// @throws LedgerUnwritable if the disk refuses it, or did so a moment ago
    /// @throws AuditUnavailable if it cannot be recorded; nothing has happened then
    public ManagedKey register(Holder holder, KeyClass keyClass, String kid, Map<String, String> jwk)
            throws AuditUnavailable {
        lock.lock();
        try {
            Instant now = now();
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
            if (ring.of(holder).stream().filter(key -> key.state().published()).count() >= MOST_KEYS_PER_HOLDER
                    || !attendance.hasRoomFor(holder)) {
                throw new RegistrationRefused(RegistrationRefused.Reason.TOO_MANY_KEYS);
            }
            if (now.isBefore(nextWrite)) {
                throw new LedgerUnwritable();
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

    /// Replaces every active key of a class, and returns once each of their holders has a new active key in the
    /// directory. Whatever else happens, the wish is withdrawn.
    ///
    /// @param operator who wants it, for the audit log: a SPIFFE id or a client id
    /// @throws RotationImpossible if there is nothing to rotate, or a holder has no new key within `patience`
    /// @throws AuditUnavailable if the wish cannot be recorded
    public Rotated rotate(KeyClass keyClass, String operator, Duration patience)
            throws AuditUnavailable, InterruptedException {
        lock.lockInterruptibly();
        try {
            List<ManagedKey> old = active(keyClass);
            if (old.isEmpty()) {
                throw new RotationImpossible(RotationImpossible.Reason.NOTHING_ACTIVE);
            }
            audit.recordDurably(new AdminChanged(operator, "rotation-requested", "key-class", keyClass.wireName()));
            List<String> wanted = old.stream().map(ManagedKey::kid).toList();
            try {
                replace.addAll(wanted);
                return awaitSuccessors(keyClass, old, wanted, patience);
            } finally {
                wanted.forEach(replace::remove);
            }
        } finally {
            lock.unlock();
        }
    }

    private Rotated awaitSuccessors(KeyClass keyClass, List<ManagedKey> old, List<String> wanted, Duration patience)
            throws InterruptedException {
        Set<Holder> holders = old.stream().map(ManagedKey::holder).collect(Collectors.toSet());
        advance(now());
        long left = patience.toNanos();
        while (true) {
            List<ManagedKey> successors = active(keyClass).stream()
                    .filter(key -> holders.contains(key.holder()) && !wanted.contains(key.kid()))
                    .toList();
            // A key that went with its silent owner is gone too, but nobody signs in its place.
            if (successors.stream()
                    .map(ManagedKey::holder)
                    .collect(Collectors.toSet())
                    .equals(holders)) {
                return new Rotated(successors.stream().map(ManagedKey::kid).toList(), wanted);
            }
            if (left <= 0) {
                throw new RotationImpossible(RotationImpossible.Reason.NO_SPARE);
            }
            left = changed.awaitNanos(left);
        }
    }

    /// Lets time pass. Called a few times a second by one thread.
    public void tick() {
        lock.lock();
        try {
            Instant now = now();
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

    /// The time, for whoever holds the lock. The first to look after a gap forgives it, so that nobody decides on
    /// silence that was ours.
    private Instant now() {
        Instant now = clock.instant();
        Duration gap = Duration.between(lastLook, now);
        if (gap.isNegative() || gap.compareTo(LONGEST_PAUSE) > 0) {
            log.warn("time jumped by {} s; nobody's silence counts before now", gap.toSeconds());
            attendance.forgive(now);
            nextWrite = now;
        }
        lastLook = now;
        return now;
    }

    private void advance(Instant now) {
        if (now.isBefore(nextWrite)) {
            return;
        }
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
        try {
            file.write(next);
        } catch (IOException e) {
            nextWrite = lastLook.plus(WRITE_PAUSE);
            throw e;
        }
        ring = next;
        changed.signalAll();
        listeners.forEach(listener -> listener.accept(next));
    }

    private List<ManagedKey> active(KeyClass keyClass) {
        return ring.published().stream()
                .filter(key -> key.keyClass() == keyClass && key.state() instanceof KeyState.Active)
                .toList();
    }
}

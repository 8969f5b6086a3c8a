package dev.postern.rotation.ledger;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Move;
import dev.postern.rotation.lifecycle.RotationPolicy;
import dev.postern.rotation.lifecycle.Schedule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies what the schedule decides: audit first, then disk, then everybody's view. A step that cannot be audited or
/// written does not happen and is tried again with the next tick; so a version that was ever published is on disk.
///
/// Several processes may share the file: one leads ([Leadership]), the others read along and answer nothing. Each write
/// carries the leader's fence, and one with an older fence is refused. Whoever takes over goes on from what is on disk:
/// a step that was decided and not written is decided anew, one that was written and not told is told.
///
/// Safe for any thread. One lock guards everything that changes; [#ring] is read without it. Long for a class of ours:
/// every method is one step under that one lock.
public final class KeyLedger {
    private static final Logger log = LoggerFactory.getLogger(KeyLedger.class);
    /// Longer pauses between two looks at the clock mean that this process, not the others, was away.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// A disk that refused a write is left alone this long: every try puts the same transition on the audit log.
    private static final Duration WRITE_PAUSE = Duration.ofSeconds(5);
    private static final Duration TELLING_PAUSE = Duration.ofSeconds(1);
    /// How long a process that says nothing is remembered.
    private static final Duration ATTENDANCE = Duration.ofMinutes(1);

    /// What an operator's rotation did.
    public record Rotated(List<String> activated, List<String> retiring) {}

    private final LedgerKeeper keeper;
    private final Incidents incidents;
    private final LedgerSettings settings;
    private final AuditLine audit;
    private final KeyObserver observer;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> replace = new HashSet<>();
    private final Relinquished relinquished = new Relinquished();
    private final Set<String> shownDue = new HashSet<>();
    private final List<Consumer<KeyRing>> listeners = new CopyOnWriteArrayList<>();
    private Attendance attendance;
    private Instant lastLook;
    private Instant nextWrite = Instant.MIN;
    private Instant nextTelling = Instant.MIN;
    /// The file could not be read or written at the last look.
    private boolean blind;

    /// Continues where the file ends.
    ///
    /// @throws LedgerUnusable if the file is there and cannot be read or, by the leader, be written
    public KeyLedger(
            Path path,
            Leadership leadership,
            LedgerSettings settings,
            AuditLine audit,
            KeyObserver observer,
            Clock clock) {
        this.settings = settings;
        this.audit = audit;
        this.observer = observer;
        this.clock = clock;
        this.lastLook = clock.instant();
        this.attendance = new Attendance(lastLook);
        this.incidents = new Incidents(settings.reportPatience());
        lock.lock();
        try {
            this.keeper = new LedgerKeeper(new LedgerFile(path), leadership);
            keeper.look(lastLook);
            if (keeper.leads()) {
                begin(lastLook);
            }
        } catch (IOException e) {
            throw new LedgerUnusable(path, e);
        } finally {
            lock.unlock();
        }
    }

    /// The newest published ring.
    public KeyRing ring() {
        return keeper.content().ring();
    }

    /// Whether this process decides.
    public boolean leads() {
        return keeper.leads();
    }

    /// The newest last.
    public List<Incident> incidents() {
        lock.lock();
        try {
            List<Incident> kept = keeper.content().incidents();
            return keeper.leads() ? incidents.among(kept) : kept;
        } finally {
            lock.unlock();
        }
    }

    /// Whether a key was denied, and never but to practise.
    public boolean onlyDrilled(String kid) {
        return Incidents.onlyDrilled(incidents()).contains(kid);
    }

    /// Called with each new ring, under the ledger's lock: a listener hands over and returns.
    public void onChange(Consumer<KeyRing> listener) {
        listeners.add(listener);
    }

    /// A poll by a process that has applied version `applied`. Returns what it should apply next.
    ///
    /// @throws LedgerStandsBy as all calls that follow do, if another process leads
    public KeyRing poll(Holder holder, long applied) {
        lock.lock();
        try {
            requireLead();
            Instant now = now();
            boolean ahead = applied > ring().version();
            if (ahead) {
                // It has seen versions that we have lost: it will refuse ours, so it acknowledges nothing.
                log.error("directory consumer {} is ahead of the ledger: was the ledger rolled back?", holder.id());
            }
            if (attendance.hasRoomFor(holder)) {
                attendance.heard(holder, ahead ? 0 : applied, now);
                incidents.heard(holder, ahead ? 0 : applied, now);
                relinquished.heard(holder, OptionalLong.of(ahead ? 0 : applied), now);
            }
            advance(now);
            return ring();
        } finally {
            lock.unlock();
        }
    }

    /// The last word of a process that ends in good order, after what [#poll] would do: from now on nobody waits for
    /// it, and the keys that live in it retire.
    public void leave(Holder holder, long applied) {
        lock.lock();
        try {
            var _ = poll(holder, applied);
            Instant now = now();
            if (attendance.leaves(holder, now)) {
                log.info("directory consumer {} {} left", holder.id(), holder.instance());
                incidents.left(holder, now);
                advance(now);
                relinquished.heard(holder, OptionalLong.empty(), now);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Since when the holder of a key that retires, or is over, has certainly made nothing new with it; empty while
    /// that is not known.
    public Optional<Instant> relinquished(String kid) {
        lock.lock();
        try {
            return relinquished.since(kid);
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
            requireLead();
            Instant now = now();
            ManagedKey key = new ManagedKey(
                    keyClass,
                    kid,
                    holder.id(),
                    holder.instance(),
                    jwk,
                    new KeyState.Prepared(now, ring().nextVersion()));
            ManagedKey known = ring().find(kid).orElse(null);
            if (known != null) {
                boolean same = known.slot().equals(key.slot())
                        && known.jwk().equals(jwk)
                        && known.state().usable();
                if (!same) {
                    throw new RegistrationRefused(RegistrationRefused.Reason.KEY_ID_TAKEN);
                }
                return known;
            }
            if (!Room.isFor(key, ring(), attendance)) {
                throw new RegistrationRefused(RegistrationRefused.Reason.TOO_MANY_KEYS);
            }
            if (now.isBefore(nextWrite)) {
                throw new LedgerUnwritable();
            }
            audit.recordDurably(Step.transition(key, "NONE", key.state().label(), "registered"));
            publish(ring().withNew(key));
            if (Room.isOfAProcess(key)) {
                attendance.alive(holder, now);
            }
            observer.moved(keyClass.wireName(), key.state().label(), "registered");
            incidents.registered(key, now);
            advance(now);
            return ring().find(kid).orElse(key);
        } catch (IOException e) {
            throw new LedgerUnwritable(e);
        } finally {
            lock.unlock();
        }
    }

    /// Until when at least the ledger holds a key for usable that is registered now, if nobody denies it.
    Instant usableUntil(KeyClass keyClass) {
        RotationPolicy policy = settings.schedule().of(keyClass);
        return clock.instant().plus(policy.period()).plus(policy.verificationWindow());
    }

    /// Replaces every active key of a class, or those of one service, and returns once each of their holders has a
    /// new active key in the directory. Whatever else happens, the wish is withdrawn; a leader that dies takes it
    /// along.
    ///
    /// @param owner only keys of this service
    /// @param operator who wants it, for the audit log: a SPIFFE id or a client id
    /// @throws RotationImpossible if there is nothing to rotate, or a holder has no new key within `patience`
    /// @throws AuditUnavailable if the wish cannot be recorded
    public Rotated rotate(KeyClass keyClass, Optional<URI> owner, String operator, Duration patience)
            throws AuditUnavailable, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireLead();
            Replacement wish = Replacement.of(ring(), keyClass, owner);
            audit.recordDurably(new AdminChanged(operator, "rotation-requested", "key-class", keyClass.wireName()));
            try {
                replace.addAll(wish.kids());
                return await(wish, patience);
            } finally {
                wish.kids().forEach(replace::remove);
            }
        } finally {
            lock.unlock();
        }
    }

    private Rotated await(Replacement wish, Duration patience) throws InterruptedException {
        advance(now());
        long left = patience.toNanos();
        while (true) {
            Optional<List<String>> successors = wish.successors(ring());
            if (successors.isPresent()) {
                return new Rotated(successors.get(), wish.kids());
            }
            if (left <= 0) {
                throw new RotationImpossible(RotationImpossible.Reason.NO_SPARE);
            }
            left = changed.awaitNanos(left);
            requireLead();
        }
    }

    /// Denies keys at once and lets their spares take over, in one version; then follows who acknowledges. Returns when
    /// the denial is on disk and handed to whoever publishes it: its report goes on in [#incidents].
    ///
    /// @throws CompromiseRefused if it means nothing, or too much
    /// @throws AuditUnavailable if it cannot be recorded, and [LedgerUnwritable] if it cannot be kept; nothing has
    ///     happened then
    public Incident compromise(Compromise compromise) throws AuditUnavailable {
        return compromise(compromise, List.of());
    }

    /// As [#compromise(Compromise)], with what policy calls it for on record before.
    ///
    /// @param because is recorded only by who leads, of what can be denied
    public Incident compromise(Compromise compromise, AuditEvent because) throws AuditUnavailable {
        return compromise(compromise, List.of(because));
    }

    private Incident compromise(Compromise compromise, List<AuditEvent> because) throws AuditUnavailable {
        lock.lock();
        try {
            requireLead();
            Instant now = now();
            List<ManagedKey> denied = compromise.meant(ring(), Incidents.onlyDrilled(incidents()));
            List<Move> moves = settings.schedule().compromise(ring(), denied, now);
            List<Step> steps = moves.stream()
                    .map(move -> Step.of(move, settings.schedule(), attendance, now))
                    .toList();
            for (AuditEvent event : because) {
                audit.recordDurably(event);
            }
            for (Step step : steps) {
                audit.recordDurably(step.event());
            }
            KeyRing next = ring().after(moves);
            Duration window = settings.schedule().of(compromise.keyClass()).consumerWindow();
            OpenIncident incident = incidents.begin(
                    compromise,
                    denied,
                    moves.stream()
                            .map(Move::key)
                            .filter(key -> !denied.contains(key))
                            .toList(),
                    next,
                    attendance.living(window, now),
                    attendance.settles(window),
                    now);
            try {
                publish(keeper.content().with(next).with(incidents()));
            } catch (IOException e) {
                incidents.withdraw(incident);
                throw new LedgerUnwritable(e);
            }
            steps.forEach(this::tell);
            return incident.report();
        } finally {
            lock.unlock();
        }
    }

    /// The owner of a compromised key says that what it signed or sealed has ended. Repeating it changes nothing.
    ///
    /// @return whether this holder had the key, and it is compromised
    public boolean ended(Holder holder, String kid, int sessions) {
        lock.lock();
        try {
            requireLead();
            boolean theirs = ring().find(kid)
                    .filter(key -> key.state() instanceof KeyState.Compromised
                            && key.owner().equals(holder.id()))
                    .isPresent();
            if (theirs) {
                Instant now = now();
                incidents.ended(kid, sessions, now);
                report(now);
            }
            return theirs;
        } finally {
            lock.unlock();
        }
    }

    /// A version has reached the trust feed.
    public void published(long version) {
        lock.lock();
        try {
            Instant now = clock.instant();
            incidents.published(version, now);
        } finally {
            lock.unlock();
        }
    }

    /// Stops scheduled replacement, or lets it go on, over restarts too.
    ///
    /// @throws AuditUnavailable if it cannot be recorded; nothing has happened then
    public void pause(String operator, Pausing wish) throws AuditUnavailable {
        lock.lock();
        try {
            requireLead();
            audit.recordDurably(new AdminChanged(
                    operator, wish == Pausing.PAUSE ? "rotation-paused" : "rotation-resumed", "key-classes", "all"));
            store(keeper.content()
                    .with(
                            wish == Pausing.PAUSE
                                    ? Optional.of(new LedgerContent.Pause(operator, clock.instant()))
                                    : Optional.empty()));
        } catch (IOException e) {
            throw new LedgerUnwritable(e);
        } finally {
            lock.unlock();
        }
    }

    /// What an operator may do to the schedule.
    public enum Pausing {
        PAUSE,
        RESUME
    }

    /// Since when scheduled replacement is paused.
    public Optional<Instant> pausedSince() {
        return keeper.content().paused().map(LedgerContent.Pause::since);
    }

    /// What the schedule will do, and what holds it up.
    public List<Schedule.Planned> plan() {
        lock.lock();
        try {
            return settings.schedule().plan(ring(), attendance, wishes(), clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /// Lets time pass. Called a few times a second by one thread.
    public void tick() {
        lock.lock();
        try {
            Instant now = now();
            lead(now);
            if (!keeper.leads()) {
                return;
            }
            attendance.forget(ATTENDANCE, now);
            advance(now);
            tellAgain(now);
            report(now);
            KeyRing remembered = ring().forgetting(key -> settings.schedule().remembered(key, now));
            keeper.forget(remembered.without(Room.tooManyEnded(remembered)));
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

    /// Refuses where another process leads, as all calls but reading do.
    ///
    /// @throws LedgerStandsBy if so
    public void requireLead() {
        if (!keeper.leads()) {
            throw new LedgerStandsBy();
        }
    }

    private void lead(Instant now) {
        OptionalLong before = keeper.fence();
        try {
            keeper.look(now);
            blind = false;
        } catch (FencedOut _) {
            blind = false;
        } catch (IOException | LedgerUnusable e) {
            if (!blind) {
                log.error("the ledger cannot be read or written; what is known of it stays in force", e);
            }
            blind = true;
        }
        if (!keeper.fence().equals(before)) {
            if (keeper.leads()) {
                begin(now);
            } else {
                log.warn("another process leads the key ledger");
            }
            changed.signalAll();
        }
    }

    /// Leads from now on. Nobody's acknowledgement to another leader counts here, nor does an operator's unfinished
    /// wish.
    private void begin(Instant now) {
        attendance = new Attendance(now);
        relinquished.published(ring());
        replace.clear();
        incidents.resume(keeper.content().incidents(), ring(), attendance, settings.schedule(), now);
        log.info("this process leads the key ledger, fence {}", keeper.content().fence());
        listeners.forEach(listener -> listener.accept(ring()));
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
            nextTelling = now;
        }
        lastLook = now;
        return now;
    }

    private Schedule.Wishes wishes() {
        return new Schedule.Wishes(replace, keeper.content().paused().isPresent());
    }

    private void advance(Instant now) {
        if (now.isBefore(nextWrite)) {
            return;
        }
        List<Step> steps = settings.schedule().due(ring(), attendance, wishes(), now).stream()
                .filter(this::isMeant)
                .map(move -> Step.of(move, settings.schedule(), attendance, now))
                .toList();
        if (steps.isEmpty()) {
            return;
        }
        try {
            for (Step step : steps) {
                audit.recordDurably(step.event());
            }
            publish(ring().after(steps.stream().map(Step::move).toList()));
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

    /// A dry run says once what the schedule would do.
    private boolean isMeant(Move move) {
        if (!settings.dryRun() || move.cause() != Move.Cause.SCHEDULED) {
            return true;
        }
        if (shownDue.add(move.key().kid())) {
            log.info("dry run: key {} {} -> {} is due", move.key().kid(), move.from(), move.to());
        }
        return false;
    }

    private void tell(Step step) {
        Move move = step.move();
        log.info("key {} {} -> {} ({})", move.key().kid(), move.from(), move.to(), step.cause());
        observer.moved(move.key().keyClass().wireName(), move.to(), move.cause().code());
        replace.remove(move.key().kid());
        for (Holder silent : step.leftBehind()) {
            log.warn("key {} did not wait for {} {}", move.key().kid(), silent.id(), silent.instance());
        }
        if (!step.leftBehind().isEmpty()) {
            observer.leftBehind(step.leftBehind().size());
        }
    }

    /// A denial that did not reach the feed is handed over again, until it is known to be there.
    private void tellAgain(Instant now) {
        if (!now.isBefore(nextTelling) && incidents.isOneUnpublished()) {
            listeners.forEach(listener -> listener.accept(ring()));
            nextTelling = now.plus(TELLING_PAUSE);
        }
    }

    /// Closes the reports that are complete or out of time. A report that cannot be recorded or kept is tried again.
    private void report(Instant now) {
        for (OpenIncident incident : incidents.over(now)) {
            Incident report = incident.report();
            try {
                audit.recordDurably(Reports.event(report));
                store(keeper.content().with(incidents()));
            } catch (AuditUnavailable | IOException e) {
                log.warn("the report of {} waits", report.id(), e);
                incident.reopen();
                continue;
            }
            incidents.close(incident);
            log.info("{} of {} keys reported: {}", report.mode(), report.keyClass(), Reports.sentence(report));
            observer.reported(report);
        }
    }

    private void publish(KeyRing next) throws IOException {
        publish(keeper.content().with(next));
    }

    private void publish(LedgerContent next) throws IOException {
        store(next);
        relinquished.published(next.ring());
        changed.signalAll();
        listeners.forEach(listener -> listener.accept(next.ring()));
    }

    private void store(LedgerContent next) throws IOException {
        try {
            keeper.store(next);
        } catch (FencedOut e) {
            log.warn("another process leads the key ledger");
            changed.signalAll();
            throw e;
        } catch (IOException e) {
            nextWrite = lastLook.plus(WRITE_PAUSE);
            throw e;
        }
    }
}

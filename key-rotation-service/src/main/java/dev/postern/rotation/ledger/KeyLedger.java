package dev.postern.rotation.ledger;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyClass.Custody;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Move;
import dev.postern.rotation.lifecycle.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import java.util.stream.Collectors;
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
    /// How long a process that says nothing is remembered.
    private static final Duration ATTENDANCE = Duration.ofMinutes(1);
    /// A holder needs one active key of a class, one spare, and a few that retire.
    private static final int MOST_KEYS_PER_SLOT = 16;
    /// Certificates of one service that are good at the same time.
    private static final int MOST_CERTIFICATES = 256;
    /// As many as the trust feed can tell of.
    private static final int MOST_KEYS = 3_000;

    /// What an operator's rotation did.
    public record Rotated(List<String> activated, List<String> retiring) {}

    private final LedgerFile file;
    private final Leadership leadership;
    private final LedgerSettings settings;
    private final AuditLine audit;
    private final KeyObserver observer;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> replace = new HashSet<>();
    private final Set<String> shownDue = new HashSet<>();
    private final List<Consumer<KeyRing>> listeners = new CopyOnWriteArrayList<>();
    private final List<OpenIncident> open = new ArrayList<>();
    private Attendance attendance;
    private Instant lastLook;
    private Instant nextWrite = Instant.MIN;
    private volatile boolean leading;
    private volatile LedgerContent content;

    /// Continues where the file ends, at least one version on, and never below the seconds of the epoch: so a ledger
    /// that was lost or restored from a copy does not go back behind what followers have seen.
    ///
    /// @throws LedgerUnusable if the file is there and cannot be read or, by the leader, be written
    public KeyLedger(
            Path path,
            Leadership leadership,
            LedgerSettings settings,
            AuditLine audit,
            KeyObserver observer,
            Clock clock) {
        this.file = new LedgerFile(path);
        this.leadership = leadership;
        this.settings = settings;
        this.audit = audit;
        this.observer = observer;
        this.clock = clock;
        this.lastLook = clock.instant();
        this.attendance = new Attendance(lastLook);
        this.content = file.read();
        lock.lock();
        try {
            OptionalLong fence = leadership.fence(content.fence());
            if (fence.isPresent()) {
                takeOver(fence.getAsLong(), lastLook);
            }
        } catch (IOException e) {
            throw new LedgerUnusable(path, e);
        } finally {
            lock.unlock();
        }
    }

    /// The newest published ring.
    public KeyRing ring() {
        return content.ring();
    }

    /// Whether this process decides.
    public boolean leads() {
        return leading;
    }

    /// The newest last.
    public List<Incident> incidents() {
        lock.lock();
        try {
            return withOpen(content.incidents());
        } finally {
            lock.unlock();
        }
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
                open.forEach(incident -> incident.heard(holder, ahead ? 0 : applied, now));
            }
            advance(now);
            return ring();
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
            requireRoom(key);
            if (now.isBefore(nextWrite)) {
                throw new LedgerUnwritable();
            }
            audit.recordDurably(Step.transition(key, "NONE", key.state().label(), "registered"));
            publish(ring().withNew(key));
            if (keyClass.custody() == Custody.PROCESS) {
                attendance.alive(holder, now);
            }
            observer.moved(keyClass.wireName(), key.state().label(), "registered");
            open.forEach(incident -> incident.registered(key, now));
            advance(now);
            return ring().find(kid).orElse(key);
        } catch (IOException e) {
            throw new LedgerUnwritable(e);
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom(ManagedKey key) {
        boolean certificate = key.keyClass() == KeyClass.SERVICE_CERT;
        long there = ring().usable().stream()
                .filter(it -> certificate
                        ? it.keyClass() == KeyClass.SERVICE_CERT && it.owner().equals(key.owner())
                        : it.slot().equals(key.slot()))
                .count();
        boolean room = there < (certificate ? MOST_CERTIFICATES : MOST_KEYS_PER_SLOT)
                && ring().keys().size() < MOST_KEYS
                && (key.keyClass().custody() != Custody.PROCESS || attendance.hasRoomFor(key.holder()));
        if (!room) {
            throw new RegistrationRefused(RegistrationRefused.Reason.TOO_MANY_KEYS);
        }
    }

    /// Replaces every active key of a class, and returns once each of their holders has a new active key in the
    /// directory. Whatever else happens, the wish is withdrawn; a leader that dies takes it along.
    ///
    /// @param operator who wants it, for the audit log: a SPIFFE id or a client id
    /// @throws RotationImpossible if there is nothing to rotate, or a holder has no new key within `patience`
    /// @throws AuditUnavailable if the wish cannot be recorded
    public Rotated rotate(KeyClass keyClass, String operator, Duration patience)
            throws AuditUnavailable, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireLead();
            List<ManagedKey> old = ring().active(keyClass);
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
            List<ManagedKey> successors = ring().active(keyClass).stream()
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

    /// Denies keys at once and lets their spares take over, in one version; then follows who acknowledges. Returns when
    /// the denial is on disk and handed to whoever publishes it: its report goes on in [#incidents].
    ///
    /// @throws CompromiseRefused if it means nothing, or too much
    /// @throws AuditUnavailable if it cannot be recorded, and [LedgerUnwritable] if it cannot be kept; nothing has
    ///     happened then
    public Incident compromise(Compromise compromise) throws AuditUnavailable {
        lock.lock();
        try {
            requireLead();
            Instant now = now();
            List<ManagedKey> denied = meant(compromise);
            List<Move> moves = settings.schedule().compromise(ring(), denied, now);
            List<Step> steps = moves.stream()
                    .map(move -> Step.of(move, settings.schedule(), attendance, now))
                    .toList();
            for (Step step : steps) {
                audit.recordDurably(step.event());
            }
            KeyRing next = ring().after(moves);
            OpenIncident incident = OpenIncident.begin(
                    "incident-" + next.version(),
                    compromise,
                    denied,
                    moves.stream()
                            .map(Move::key)
                            .filter(key -> !denied.contains(key))
                            .toList(),
                    next.version(),
                    attendance.living(
                            settings.schedule().of(compromise.keyClass()).consumerWindow(), now),
                    settings.reportPatience(),
                    now);
            open.add(incident);
            try {
                publish(content.with(next).with(withOpen(content.incidents())));
            } catch (IOException e) {
                open.remove(incident);
                throw new LedgerUnwritable(e);
            }
            steps.forEach(this::tell);
            return incident.report();
        } finally {
            lock.unlock();
        }
    }

    private List<ManagedKey> meant(Compromise compromise) {
        KeyClass keyClass = compromise.keyClass();
        if (!keyClass.listed()
                && compromise.kid().isEmpty()
                && compromise.owner().isEmpty()) {
            throw new CompromiseRefused(CompromiseRefused.Reason.TOO_MANY_MEANT);
        }
        List<ManagedKey> meant = ring().keys().values().stream()
                .filter(key -> key.keyClass() == keyClass && !(key.state() instanceof KeyState.Compromised))
                .filter(key -> compromise
                        .kid()
                        .map(kid -> kid.equals(key.kid()))
                        .orElse(key.state() instanceof KeyState.Active))
                .filter(key -> compromise.owner().map(key.owner()::equals).orElse(true))
                .toList();
        if (meant.isEmpty()) {
            throw new CompromiseRefused(CompromiseRefused.Reason.NOTHING_TO_DENY);
        }
        return meant;
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
                open.forEach(incident -> incident.ended(kid, sessions, now));
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
            open.forEach(incident -> incident.published(version, now));
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
            store(content.with(
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
        return content.paused().map(LedgerContent.Pause::since);
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
            if (!leading) {
                return;
            }
            attendance.forget(ATTENDANCE, now);
            advance(now);
            report(now);
            KeyRing remembered = ring().forgetting(key -> settings.schedule().remembered(key, now));
            content = content.with(remembered);
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

    private void requireLead() {
        if (!leading) {
            throw new LedgerStandsBy();
        }
    }

    private void lead(Instant now) {
        OptionalLong fence = leadership.fence(content.fence());
        boolean mine = fence.isPresent() && leading && fence.getAsLong() == content.fence();
        if (mine && !file.changedElsewhere()) {
            return;
        }
        try {
            if (fence.isPresent() && !mine) {
                takeOver(fence.getAsLong(), now);
            } else {
                readAlong();
            }
        } catch (IOException | LedgerUnusable e) {
            log.error("the ledger cannot be taken over or read", e);
        }
    }

    /// Goes on from what is on disk. Nobody's acknowledgement to another leader counts here, nor does an operator's
    /// unfinished wish.
    private void takeOver(long fence, Instant now) throws IOException {
        LedgerContent there = file.read();
        if (there.fence() >= fence) {
            content = there;
            leading = false;
            return;
        }
        LedgerContent next = there.ledBy(fence).with(there.ring().renumbered(now.getEpochSecond()));
        file.write(next);
        attendance = new Attendance(now);
        replace.clear();
        open.clear();
        for (Incident incident : next.incidents()) {
            if (!incident.finished()) {
                KeyClass.of(incident.keyClass())
                        .ifPresent(keyClass ->
                                open.add(OpenIncident.resume(incident, keyClass, now.plus(settings.reportPatience()))));
            }
        }
        content = next;
        leading = true;
        log.info("this process leads the key ledger, fence {}", fence);
        changed.signalAll();
        listeners.forEach(listener -> listener.accept(next.ring()));
    }

    /// As one that does not lead: others' writes become visible here.
    private void readAlong() {
        if (leading) {
            leading = false;
            log.warn("another process leads the key ledger");
            changed.signalAll();
        }
        if (file.changedElsewhere()) {
            content = file.read();
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

    private Schedule.Wishes wishes() {
        return new Schedule.Wishes(replace, content.paused().isPresent());
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

    /// Closes the reports that are complete or out of time. A report that cannot be recorded or kept is tried again.
    private void report(Instant now) {
        List<OpenIncident> done =
                open.stream().filter(incident -> incident.finishes(now)).toList();
        for (OpenIncident incident : done) {
            Incident report = incident.report();
            try {
                audit.recordDurably(Reports.event(report));
                store(content.with(withOpen(content.incidents())));
            } catch (AuditUnavailable | IOException e) {
                log.warn("the report of {} waits", report.id(), e);
                incident.reopen();
                continue;
            }
            open.remove(incident);
            log.info("{} of {} keys reported: {}", report.mode(), report.keyClass(), Reports.sentence(report));
            observer.reported(report);
        }
    }

    private List<Incident> withOpen(List<Incident> kept) {
        List<Incident> all = new ArrayList<>(kept);
        for (OpenIncident incident : open) {
            all.removeIf(it -> it.id().equals(incident.id()));
            all.add(incident.report());
        }
        return all;
    }

    private void publish(KeyRing next) throws IOException {
        publish(content.with(next));
    }

    private void publish(LedgerContent next) throws IOException {
        store(next);
        changed.signalAll();
        listeners.forEach(listener -> listener.accept(next.ring()));
    }

    private void store(LedgerContent next) throws IOException {
        try {
            file.write(next);
        } catch (FencedOut e) {
            readAlong();
            throw e;
        } catch (IOException e) {
            nextWrite = lastLook.plus(WRITE_PAUSE);
            throw e;
        }
        content = next;
    }
}

package dev.postern.relay.session;

import dev.postern.audit.AuditEvent;
import dev.postern.relay.admission.Admitted;
import dev.postern.relay.exchange.Exchanges;
import dev.postern.relay.journal.ResultJournal;
import dev.postern.relay.policy.RequestPolicy;
import dev.postern.relay.replay.ReplayStore;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RequestParser;
import dev.postern.session.DropReason;
import dev.postern.session.Refusal;
import dev.postern.trust.Revocation;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// All sessions of this replica. Thread-safe; each session stays on its connection's event loop.
///
/// Guarantee: what the trust feed takes back ends here at once - a session with its own token, a delegated request
/// alone - and while the feed is silent no answer leaves: what there is of one is held back, within the bounds that
/// back-pressure keeps anyway.
public final class Sessions {
    private final SessionProperties properties;
    private final int most;
    private final Exchanges exchanges;
    private final RequestParser parser;
    private final RequestPolicy policy;
    private final ReplayStore replays;
    private final ResultJournal journal;
    private final SessionAccounts accounts;
    private final ByteBudget held = new ByteBudget(Runtime.getRuntime().maxMemory() / 4);
    private final TrustFeed trust;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final AtomicInteger places = new AtomicInteger();
    private volatile boolean draining;
    /// Grows by a few names with each compromise, and with nothing else.
    private final Set<String> compromised = ConcurrentHashMap.newKeySet();

    private final Set<RelaySession> live = ConcurrentHashMap.newKeySet();

    public Sessions(
            SessionProperties properties,
            int most,
            Exchanges exchanges,
            TrustFeed trust,
            RequestPolicy policy,
            ReplayStore replays,
            ResultJournal journal,
            MeterRegistry meters,
            Consumer<AuditEvent> audit,
            Clock clock,
            LongSupplier nanoTime) {
        this.properties = properties;
        this.most = most;
        this.exchanges = exchanges;
        this.parser = new RequestParser(properties.maxRequestBytes(), properties.maxDeadline());
        this.accounts = new SessionAccounts(meters, audit);
        this.trust = trust;
        this.policy = policy;
        this.replays = replays;
        this.journal = journal;
        this.clock = clock;
        this.nanoTime = nanoTime;
        trust.onRevocation(this::revoked);
        trust.onPolicy(_ -> live.forEach(RelaySession::recheck));
        trust.onKeyStates(_ -> live.forEach(RelaySession::recheck));
        trust.onCurrency(current -> {
            if (current) {
                live.forEach(RelaySession::thaw);
            }
        });
        Gauge.builder("postern.sessions.open", live, Set::size)
                .description("Sealed sessions that live on this replica")
                .register(meters);
        Gauge.builder("postern.sessions.held", held, ByteBudget::kept)
                .baseUnit(BaseUnits.BYTES)
                .description("Requests and answers that this replica holds for its sessions")
                .register(meters);
    }

    /// Takes one of the limited places for a session to come; there is none while sessions are drained. Give it back
    /// with [#release] unless it was begun.
    public boolean reserve() {
        if (places.incrementAndGet() > most || draining) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    public void release() {
        places.decrementAndGet();
    }

    /// Begins a session in a reserved place. Call it on the connection's event loop, before ACCEPT is sent.
    public RelaySession begin(Admitted admitted, ScheduledExecutorService loop, SessionChannel channel) {
        RelaySession session = new RelaySession(this, admitted, loop, channel);
        live.add(session);
        accounts.opened(admitted);
        session.start();
        // What was taken back while it was being admitted: the feed did not know of it yet.
        session.recheck();
        // Whoever drains has set the flag before looking for sessions: one of the two sees the other.
        if (draining) {
            session.drain();
        }
        if (compromised.contains(session.keyId())) {
            session.keyCompromised();
        }
        return session;
    }

    /// On the feed's thread, so only those that it means are woken: there may be many thousands of others.
    private void revoked(Revocation revocation) {
        for (RelaySession session : live) {
            if (session.mayDelegate() || revocation.matches(session.self())) {
                session.recheck();
            }
        }
    }

    /// Looks again whether what is under way is still allowed: another policy is in force.
    public void policyChanged() {
        live.forEach(RelaySession::recheck);
    }

    /// Counts and audits an OPEN that did not become a session.
    public void refused(Refusal refusal) {
        accounts.refused(refusal);
    }

    /// Asks every session to end as soon as its requests are answered, those that are still being admitted too, and
    /// takes no more.
    public void drain() {
        draining = true;
        live.forEach(RelaySession::drain);
    }

    /// Ends every session now, whatever it is doing.
    public void endAll() {
        live.forEach(RelaySession::shutDown);
    }

    /// Ends the sessions whose client `which` names, as revoked.
    public void endWhere(Predicate<Caller> which) {
        live.stream().filter(session -> which.test(session.self())).forEach(RelaySession::contain);
    }

    /// Ends every session that was opened with one of these relay keys, those that are being admitted too.
    ///
    /// @return how many live
    public int endOpenedWith(Set<String> keyIds) {
        compromised.addAll(keyIds);
        List<RelaySession> theirs = live.stream()
                .filter(session -> keyIds.contains(session.keyId()))
                .toList();
        theirs.forEach(RelaySession::keyCompromised);
        return theirs.size();
    }

    /// Calls `listener`, on event loops, for each frame that is dropped, with whose session it came in. One listener;
    /// it must not wait.
    public void onDrop(BiConsumer<DropReason, Caller> listener) {
        accounts.onDrop(listener);
    }

    /// Calls `listener`, on event loops, for each frame that does not open, with the relay key that its session began
    /// with. One listener; it must not wait.
    public void onUnopened(Consumer<String> listener) {
        accounts.onUnopened(listener);
    }

    public int open() {
        return live.size();
    }

    void ended(RelaySession session) {
        if (live.remove(session)) {
            release();
        }
    }

    /// The sessions that live now.
    Stream<RelaySession> live() {
        return live.stream();
    }

    TrustFeed trust() {
        return trust;
    }

    RequestPolicy policy() {
        return policy;
    }

    ResultJournal journal() {
        return journal;
    }

    ReplayStore replays() {
        return replays;
    }

    SessionProperties properties() {
        return properties;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    RequestParser parser() {
        return parser;
    }

    SessionAccounts accounts() {
        return accounts;
    }

    ByteBudget held() {
        return held;
    }

    Clock clock() {
        return clock;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }
}

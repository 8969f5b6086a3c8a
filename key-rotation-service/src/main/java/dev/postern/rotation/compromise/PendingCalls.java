package dev.postern.rotation.compromise;

import dev.postern.chassis.person.Person;
import dev.postern.rotation.lifecycle.KeyClass;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls that wait for a second person. In memory: a leader that dies takes them along, and the first person calls
/// again.
///
/// Guarantee: a call is taken once, and never by the person who made it. Thread-safe.
final class PendingCalls {
    private static final int MOST = 64;
    private static final int ID_BYTES = 12;

    /// @param kid as in [dev.postern.rotation.ledger.Compromise]
    record Pending(
            String id,
            KeyClass keyClass,
            Optional<String> kid,
            Optional<URI> owner,
            Person by,
            Instant called,
            Instant expires) {}

    /// Why a decision does not count.
    enum Refusal {
        UNKNOWN,
        SAME_PERSON
    }

    static final class Refused extends Exception {
        private final Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.name(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }

    private final Duration patience;
    private final Clock clock;
    private final SecureRandom random;
    /// Guarded by this.
    private final Map<String, Pending> pending = new LinkedHashMap<>();

    PendingCalls(Duration patience, Clock clock, SecureRandom random) {
        this.patience = patience;
        this.clock = clock;
        this.random = random;
    }

    /// Empty when too many wait already.
    synchronized Optional<Pending> add(KeyClass keyClass, Optional<String> kid, Optional<URI> owner, Person by) {
        expire();
        if (pending.size() >= MOST) {
            return Optional.empty();
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Instant now = clock.instant();
        Pending call = new Pending(
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                keyClass,
                kid,
                owner,
                by,
                now,
                now.plus(patience));
        pending.put(call.id(), call);
        return Optional.of(call);
    }

    /// Takes a call for whoever approves it; they alone have it then.
    synchronized Pending take(String id, Person by) throws Refused {
        expire();
        Pending call = pending.get(id);
        if (call == null) {
            throw new Refused(Refusal.UNKNOWN);
        }
        if (call.by().isSameAs(by)) {
            throw new Refused(Refusal.SAME_PERSON);
        }
        pending.remove(id);
        return call;
    }

    /// A decision could not be carried out: the call waits again.
    synchronized void putBack(Pending call) {
        pending.put(call.id(), call);
    }

    /// Whoever called or might approve may withdraw it; they alone have it then.
    synchronized Optional<Pending> withdraw(String id) {
        expire();
        return Optional.ofNullable(pending.remove(id));
    }

    synchronized List<Pending> waiting() {
        expire();
        return List.copyOf(pending.values());
    }

    private void expire() {
        Instant now = clock.instant();
        pending.values().removeIf(call -> !now.isBefore(call.expires()));
    }
}

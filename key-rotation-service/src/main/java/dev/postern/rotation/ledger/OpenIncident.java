package dev.postern.rotation.ledger;

import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyClass.Custody;
import dev.postern.rotation.lifecycle.KeyClass.Succession;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An incident while something is still waited for. Not safe for several threads: the ledger locks.
final class OpenIncident {
    private final Incident begun;
    private final KeyClass keyClass;
    private final Map<Phase, Instant> phases = new EnumMap<>(Phase.class);
    private final Map<Holder, Instant> acknowledged = new LinkedHashMap<>();
    private final Set<Holder> silent = new LinkedHashSet<>();
    private final Set<String> owed = new LinkedHashSet<>();
    private final Instant gathered;
    private final Instant deadline;
    private int sessionsEnded;
    private boolean finished;

    private OpenIncident(Incident begun, KeyClass keyClass, Instant gathered, Instant deadline) {
        this.begun = begun;
        this.keyClass = keyClass;
        this.gathered = gathered;
        this.deadline = deadline;
        this.sessionsEnded = begun.sessionsEnded();
        phases.putAll(begun.phases());
        begun.acknowledgements().forEach(it -> acknowledged.put(new Holder(it.id(), it.instance()), it.at()));
        begun.silent().forEach(it -> silent.add(new Holder(it.id(), it.instance())));
        owed.addAll(begun.owed());
    }

    /// A new one.
    ///
    /// @param denied what is denied, as it was before
    /// @param activated the spares that take over
    /// @param living followers that must acknowledge
    /// @param gathered until when whoever else is heard must acknowledge too, for lack of time to have heard them
    static OpenIncident begin(
            String id,
            Compromise compromise,
            List<ManagedKey> denied,
            List<ManagedKey> activated,
            long version,
            Set<Holder> living,
            Instant gathered,
            Duration patience,
            Instant now) {
        Map<Phase, Instant> phases = new EnumMap<>(Phase.class);
        phases.put(Phase.CALLED, compromise.called());
        phases.put(Phase.DENIED, now);
        if (!activated.isEmpty()) {
            phases.put(Phase.ACTIVATED, now);
        }
        List<String> owed = new ArrayList<>();
        for (ManagedKey key : denied) {
            // Of certificates nobody reports an end: connections end with the next handshake or with the certificate.
            if (key.state().usable() && !key.keyClass().owners().isEmpty()) {
                owed.add(endOf(key.kid()));
            }
        }
        denied.stream()
                .filter(key -> key.state().usable())
                .map(key -> spareOf(compromise.keyClass(), key.holder()))
                .distinct()
                .forEach(owed::add);
        Incident begun = new Incident(
                id,
                compromise.keyClass().wireName(),
                denied.stream().map(ManagedKey::kid).toList(),
                activated.stream().map(ManagedKey::kid).toList(),
                compromise.mode().code(),
                compromise.calledBy(),
                compromise.approvedBy().orElse(null),
                version,
                phases,
                List.of(),
                living.stream().map(OpenIncident::consumer).toList(),
                owed,
                0,
                false);
        return new OpenIncident(begun, compromise.keyClass(), gathered, now.plus(patience));
    }

    /// One that another leader began: what it still waits for is waited for anew.
    static OpenIncident resume(Incident begun, KeyClass keyClass, Instant gathered, Instant deadline) {
        return new OpenIncident(begun, keyClass, gathered, deadline);
    }

    /// Spares that the ring has already: registered while nobody led, or more than one.
    void haveSpares(KeyRing ring, Instant now) {
        Instant denied = phases.getOrDefault(Phase.DENIED, now);
        ring.usable().stream()
                .filter(key -> keyClass.succession() == Succession.NONE
                        ? key.state().since().isAfter(denied)
                        : key.state() instanceof KeyState.Prepared)
                .forEach(key -> registered(key, now));
    }

    private static Incident.Consumer consumer(Holder holder) {
        return new Incident.Consumer(holder.id(), holder.instance());
    }

    private static String endOf(String kid) {
        return "end " + kid;
    }

    /// A certificate's successor has another serial number: of it the owner alone is compared.
    private static String spareOf(KeyClass keyClass, Holder holder) {
        return keyClass.custody() == Custody.PROCESS
                ? "spare " + holder.id() + " " + holder.instance()
                : "spare " + holder.id();
    }

    String id() {
        return begun.id();
    }

    void published(long version, Instant now) {
        if (version >= begun.version()) {
            phases.putIfAbsent(Phase.PUBLISHED, now);
        }
    }

    boolean isPublished() {
        return phases.containsKey(Phase.PUBLISHED);
    }

    void heard(Holder holder, long applied, Instant now) {
        if (now.isBefore(gathered) && !acknowledged.containsKey(holder)) {
            silent.add(holder);
            phases.remove(Phase.ACKNOWLEDGED);
        }
        if (applied >= begun.version() && silent.remove(holder)) {
            acknowledged.put(holder, now);
            if (silent.isEmpty()) {
                phases.put(Phase.ACKNOWLEDGED, now);
            }
        }
    }

    /// Whose process ended in good order acknowledges nothing more, and needs no spare for what lived in it.
    void left(Holder holder, Instant now) {
        if (silent.remove(holder) && silent.isEmpty()) {
            phases.put(Phase.ACKNOWLEDGED, now);
        }
        if (keyClass.custody() == Custody.PROCESS) {
            prepared(holder, now);
        }
    }

    void registered(ManagedKey key, Instant now) {
        if (key.keyClass() == keyClass) {
            prepared(key.holder(), now);
        }
    }

    private void prepared(Holder holder, Instant now) {
        if (owed.remove(spareOf(keyClass, holder)) && owes("spare ") == 0) {
            phases.put(Phase.PREPARED, now);
        }
    }

    void ended(String kid, int sessions, Instant now) {
        if (owed.remove(endOf(kid))) {
            sessionsEnded += sessions;
            if (owes("end ") == 0) {
                phases.put(Phase.ENDED, now);
            }
        }
    }

    private long owes(String what) {
        return owed.stream().filter(it -> it.startsWith(what)).count();
    }

    /// Ends it when all is done, or time is up.
    boolean finishes(Instant now) {
        boolean complete = silent.isEmpty() && owed.isEmpty() && isPublished() && !now.isBefore(gathered);
        if (!finished && (complete || !now.isBefore(deadline))) {
            if (silent.isEmpty()) {
                // Nobody was there to wait for.
                phases.putIfAbsent(Phase.ACKNOWLEDGED, now);
            }
            finished = true;
            return true;
        }
        return false;
    }

    /// Its report could not be kept.
    void reopen() {
        finished = false;
    }

    Incident report() {
        return new Incident(
                begun.id(),
                begun.keyClass(),
                begun.kids(),
                begun.activated(),
                begun.mode(),
                begun.calledBy(),
                begun.approvedBy(),
                begun.version(),
                phases,
                acknowledged.entrySet().stream()
                        .map(it -> new Incident.Acknowledgement(
                                it.getKey().id(), it.getKey().instance(), it.getValue()))
                        .toList(),
                silent.stream().map(OpenIncident::consumer).toList(),
                List.copyOf(owed),
                sessionsEnded,
                finished);
    }
}

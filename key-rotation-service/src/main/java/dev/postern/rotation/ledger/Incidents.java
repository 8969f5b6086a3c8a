package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The incidents for which something is still waited. Not safe for several threads: the ledger locks.
final class Incidents {
    private final Duration patience;
    private final List<OpenIncident> open = new ArrayList<>();

    /// @param patience after which an incident is over whatever is missing
    Incidents(Duration patience) {
        this.patience = patience;
    }

    /// @param next the ring that denies
    /// @param gathered when everybody who lives has been heard
    OpenIncident begin(
            Compromise compromise,
            List<ManagedKey> denied,
            List<ManagedKey> activated,
            KeyRing next,
            Set<Holder> living,
            Instant gathered,
            Instant now) {
        OpenIncident incident = OpenIncident.begin(
                "incident-" + next.version(),
                compromise,
                denied,
                activated,
                next.version(),
                living,
                gathered,
                patience,
                now);
        incident.haveSpares(next, now);
        open.add(incident);
        return incident;
    }

    /// What it was to deny could not be denied.
    void withdraw(OpenIncident incident) {
        open.remove(incident);
    }

    /// Goes on with those that another leader, or this one before, left unfinished.
    void resume(List<Incident> kept, KeyRing ring, Attendance attendance, Schedule schedule, Instant now) {
        open.clear();
        for (Incident incident : kept) {
            if (!incident.finished()) {
                KeyClass.of(incident.keyClass()).ifPresent(keyClass -> {
                    Instant gathered = attendance.settles(schedule.of(keyClass).consumerWindow());
                    OpenIncident resumed = OpenIncident.resume(incident, keyClass, gathered, now.plus(patience));
                    resumed.haveSpares(ring, now);
                    open.add(resumed);
                });
            }
        }
    }

    void heard(Holder holder, long applied, Instant now) {
        open.forEach(incident -> incident.heard(holder, applied, now));
    }

    void left(Holder holder, Instant now) {
        open.forEach(incident -> incident.left(holder, now));
    }

    void registered(ManagedKey key, Instant now) {
        open.forEach(incident -> incident.registered(key, now));
    }

    void ended(String kid, int sessions, Instant now) {
        open.forEach(incident -> incident.ended(kid, sessions, now));
    }

    void published(long version, Instant now) {
        open.forEach(incident -> incident.published(version, now));
    }

    /// Whether the feed does not have one of the denials yet.
    boolean isOneUnpublished() {
        return open.stream().anyMatch(incident -> !incident.isPublished());
    }

    /// Ends those that are complete or out of time: each is to be closed, or reopened.
    List<OpenIncident> over(Instant now) {
        return open.stream().filter(incident -> incident.finishes(now)).toList();
    }

    void close(OpenIncident incident) {
        open.remove(incident);
    }

    /// All of `kept`, the open ones as they stand now.
    List<Incident> among(List<Incident> kept) {
        List<Incident> all = new ArrayList<>(kept);
        for (OpenIncident incident : open) {
            all.removeIf(it -> it.id().equals(incident.id()));
            all.add(incident.report());
        }
        return all;
    }

    /// The keys that nobody but drills has denied.
    static Set<String> onlyDrilled(List<Incident> incidents) {
        Set<String> drilled = new HashSet<>();
        incidents.stream().filter(Incident::isDrill).forEach(it -> drilled.addAll(it.kids()));
        incidents.stream().filter(it -> !it.isDrill()).forEach(it -> drilled.removeAll(it.kids()));
        return drilled;
    }
}

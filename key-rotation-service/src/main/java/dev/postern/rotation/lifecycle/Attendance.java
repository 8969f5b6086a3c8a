package dev.postern.rotation.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who was heard from, when, and which directory version each has applied. Not safe for several threads: its owner
/// locks.
public final class Attendance {
    private static final int MOST_PROCESSES = 1000;
    /// So that one service that makes up instances does not crowd out the others.
    private static final int MOST_PROCESSES_OF_A_SERVICE = 32;

    /// The newest word of one process.
    public record Heartbeat(Instant seen, long applied) {}

    private final Map<Holder, Heartbeat> heartbeats = new HashMap<>();
    /// Who said that it ends, and when; a word of its that was late changes nothing.
    private final Map<Holder, Instant> left = new HashMap<>();
    private final Instant start;
    private Instant forgivenUntil;

    /// @param start when listening began: nobody can have been heard before
    public Attendance(Instant start) {
        this.start = start;
        this.forgivenUntil = start;
    }

    /// Whether this process is known already, or one more can be.
    public boolean hasRoomFor(Holder holder) {
        return heartbeats.containsKey(holder)
                || (heartbeats.size() < MOST_PROCESSES
                        && heartbeats.keySet().stream()
                                        .filter(known -> known.id().equals(holder.id()))
                                        .count()
                                < MOST_PROCESSES_OF_A_SERVICE);
    }

    /// A poll of the directory: heartbeat and acknowledgement at once.
    public void heard(Holder holder, long applied, Instant now) {
        if (!left.containsKey(holder)) {
            heartbeats.put(holder, new Heartbeat(now, applied));
        }
    }

    /// Its process ends: nobody waits for it, and what lives in it is gone.
    ///
    /// @return whether it was known
    public boolean leaves(Holder holder, Instant now) {
        boolean known = heartbeats.remove(holder) != null;
        if (known && left.size() < MOST_PROCESSES) {
            left.put(holder, now);
        }
        return known;
    }

    boolean hasLeft(Holder holder) {
        return left.containsKey(holder);
    }

    /// A sign of life that acknowledges nothing new.
    public void alive(Holder holder, Instant now) {
        if (left.containsKey(holder)) {
            return;
        }
        Heartbeat before = heartbeats.get(holder);
        heartbeats.put(holder, new Heartbeat(now, before == null ? 0 : before.applied()));
    }

    /// After a gap in our own time (a suspended machine, a jump of the clock) nobody's silence counts before now.
    public void forgive(Instant now) {
        forgivenUntil = now;
    }

    /// How long ago a process was heard, counted from the start of listening at most.
    Duration silence(Holder holder, Instant now) {
        Heartbeat heartbeat = heartbeats.get(holder);
        Instant last = heartbeat == null ? start : heartbeat.seen();
        return Duration.between(last.isBefore(forgivenUntil) ? forgivenUntil : last, now);
    }

    /// When listening will have lasted long enough that every living process must have been heard.
    public Instant settles(Duration window) {
        return forgivenUntil.plus(window);
    }

    boolean settled(Duration window, Instant now) {
        return !now.isBefore(settles(window));
    }

    /// The processes heard within `window` that have not applied `version`.
    public Set<Holder> behind(long version, Duration window, Instant now) {
        Set<Holder> behind = new HashSet<>(living(window, now));
        behind.removeIf(holder -> applied(holder) >= version);
        return behind;
    }

    /// The processes heard within `window`.
    public Set<Holder> living(Duration window, Instant now) {
        Set<Holder> living = new HashSet<>();
        heartbeats.forEach((holder, heartbeat) -> {
            if (!heartbeat.seen().isBefore(now.minus(window))) {
                living.add(holder);
            }
        });
        return living;
    }

    /// The newest version that a process has said it applied; 0 when it has said nothing.
    public long applied(Holder holder) {
        Heartbeat heartbeat = heartbeats.get(holder);
        return heartbeat == null ? 0 : heartbeat.applied();
    }

    public void forget(Duration silence, Instant now) {
        heartbeats.values().removeIf(heartbeat -> heartbeat.seen().isBefore(now.minus(silence)));
        left.values().removeIf(then -> then.isBefore(now.minus(silence)));
    }

    public Map<Holder, Heartbeat> heartbeats() {
        return Map.copyOf(heartbeats);
    }
}

package dev.postern.policy.anomaly;

import dev.postern.policy.Containment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Contains an incident once: the same action about the same client and session is one incident for
/// [#SAME_MILLIS], however often the score moves. A stronger action is another one.
///
/// What was begun and then could not be done is owed: its incident has not begun, and its client is to be looked at
/// again.
///
/// Thread-safe. At most [#MOST] are remembered; beyond that the eldest may be contained twice, which does no harm;
/// and what is owed beyond it waits for the client's next material change.
final class Incidents {

    static final int MOST = 10_000;
    static final long SAME_MILLIS = 60_000;

    private record Key(String tenant, String clientId, String sessionId, Containment.Action action) {}

    private record Client(String tenant, String id) {}

    private final Set<Client> owed = ConcurrentHashMap.newKeySet();
    private final Map<Key, Long> begun = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MOST;
        }
    };

    /// Whether this is the first of its incident.
    boolean begins(Origin origin, Containment containment, long nowMillis) {
        Key key = key(origin, containment);
        synchronized (begun) {
            Long before = begun.get(key);
            if (before != null && nowMillis - before < SAME_MILLIS) {
                return false;
            }
            begun.remove(key);
            begun.put(key, nowMillis);
            return true;
        }
    }

    /// What began could not be done.
    void owe(Origin origin, Containment containment) {
        synchronized (begun) {
            begun.remove(key(origin, containment));
        }
        if (owed.size() < MOST) {
            owed.add(new Client(origin.tenant(), origin.clientId()));
        }
    }

    /// Whether something is owed to the client; from now on it is not. Costs next to nothing when nothing is owed.
    boolean takeOwed(Origin origin) {
        return !owed.isEmpty() && owed.remove(new Client(origin.tenant(), origin.clientId()));
    }

    private static Key key(Origin origin, Containment containment) {
        String session = switch (containment.action()) {
            case REVOKE_SESSION -> origin.sessionId();
            // The client as a whole, whichever of its sessions showed it.
            case REISSUE, REVOKE_CLIENT -> "";
        };
        return new Key(origin.tenant(), origin.clientId(), session, containment.action());
    }
}

package dev.postern.policy.anomaly;

import dev.postern.policy.Containment;
import java.util.LinkedHashMap;
import java.util.Map;

/// Contains an incident once: the same action about the same client and session is one incident for
/// [#SAME_MILLIS], however often the score moves. A stronger action is another one.
///
/// Thread-safe. At most [#MOST] are remembered; beyond that the eldest may be contained twice, which does no harm.
public final class Incidents {

    static final int MOST = 10_000;
    static final long SAME_MILLIS = 60_000;

    private record Key(String tenant, String clientId, String sessionId, Containment.Action action) {}

    private final Map<Key, Long> begun = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MOST;
        }
    };

    /// Whether this is the first of its incident.
    public boolean begins(Origin origin, Containment containment, long nowMillis) {
        String session = switch (containment.action()) {
            case REVOKE_SESSION -> origin.sessionId();
            // The client as a whole, whichever of its sessions showed it.
            case REISSUE, REVOKE_CLIENT -> "";
        };
        Key key = new Key(origin.tenant(), origin.clientId(), session, containment.action());
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
}

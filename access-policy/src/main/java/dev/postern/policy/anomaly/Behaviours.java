package dev.postern.policy.anomaly;

import dev.postern.policy.Facts.Anomaly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The behaviour of many clients; the least recently seen are forgotten first, and start to learn anew.
///
/// Thread-safe: the monitor guards the map, each client has its own, taken after it. Listeners are called by whoever
/// observed, outside of both.
public final class Behaviours {

    /// Hears of observations.
    public interface Listener {
        /// Called by the thread that observed; must not wait.
        ///
        /// @param news whether the score has changed since the last time this was true
        void observed(Origin origin, Anomaly scores, boolean news);
    }

    private record Key(String tenant, String clientId) {}

    private final Map<Key, Behaviour> clients;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /// @param most clients that are remembered at once
    public Behaviours(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one client must be remembered");
        }
        clients = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Behaviour> eldest) {
                return size() > most;
            }
        };
    }

    public void onObservation(Listener listener) {
        listeners.add(listener);
    }

    /// One request began.
    ///
    /// @param region of the caller's address; empty when unknown
    public void request(Origin origin, String region, long nowMillis) {
        Behaviour behaviour = behaviour(origin);
        behaviour.request(region, nowMillis);
        tell(origin, behaviour, nowMillis);
    }

    /// Tokens in and out together, when they are known.
    public void modelTokens(Origin origin, long used, long nowMillis) {
        Behaviour behaviour = behaviour(origin);
        behaviour.modelTokens(Math.max(0, used), nowMillis);
        tell(origin, behaviour, nowMillis);
    }

    public void failed(Origin origin, FailureKind kind, long nowMillis) {
        Behaviour behaviour = behaviour(origin);
        behaviour.failed(kind, nowMillis);
        tell(origin, behaviour, nowMillis);
    }

    /// How the client stands now.
    public Anomaly scores(String tenant, String clientId, long nowMillis) {
        Optional<Behaviour> behaviour;
        synchronized (clients) {
            behaviour = Optional.ofNullable(clients.get(new Key(tenant, clientId)));
        }
        return behaviour.map(known -> known.scores(nowMillis)).orElse(Anomaly.NONE);
    }

    int size() {
        synchronized (clients) {
            return clients.size();
        }
    }

    private Behaviour behaviour(Origin origin) {
        synchronized (clients) {
            return clients.computeIfAbsent(new Key(origin.tenant(), origin.clientId()), _ -> new Behaviour());
        }
    }

    private void tell(Origin origin, Behaviour behaviour, long nowMillis) {
        Anomaly scores = behaviour.scores(nowMillis);
        boolean news = behaviour.isNews(scores);
        for (Listener listener : listeners) {
            listener.observed(origin, scores, news);
        }
    }
}

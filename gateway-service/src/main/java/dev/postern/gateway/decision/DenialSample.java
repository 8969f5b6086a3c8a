package dev.postern.gateway.decision;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which denials are remembered when there are more than anybody reads.
///
/// Guarantee: of one client at most [#CLIENT_BURST] at once and one a second after that; of all clients together at
/// most [#REPLICA_BURST] at once and [#REPLICA_A_SECOND] a second after that, so a flood of denials fills neither the
/// shared Redis nor this process. Non-guarantee: fairness among very many clients; more than [#MOST_CLIENTS] of them
/// begin anew, within what all may have together. Thread-safe.
final class DenialSample {
    static final int CLIENT_BURST = 10;
    static final int REPLICA_A_SECOND = 20;
    static final int REPLICA_BURST = 100;
    static final int MOST_CLIENTS = 10_000;

    private static final long SECOND = 1_000;
    private static final long CLIENT_FILLS = CLIENT_BURST * SECOND;
    private static final long REPLICA_PAUSE = SECOND / REPLICA_A_SECOND;
    private static final long REPLICA_FILLS = REPLICA_BURST * REPLICA_PAUSE;

    private record Client(String tenant, String id) {}

    /// For each client when it has all of its burst again.
    private final Map<Client, Long> whole = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Client, Long> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private final InstantSource clock;
    private long allWhole = Long.MIN_VALUE;

    DenialSample(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether this denial is one to remember. A client that has had its share takes nothing from the others'.
    synchronized boolean takes(String tenant, String clientId) {
        long now = clock.millis();
        Client client = new Client(tenant, clientId);
        // A clock that stepped back makes nobody wait for longer than an empty bucket does.
        long mine = Math.clamp(whole.getOrDefault(client, now), now, now + CLIENT_FILLS);
        allWhole = Math.clamp(allWhole, now, now + REPLICA_FILLS);
        boolean has = mine + SECOND <= now + CLIENT_FILLS && allWhole + REPLICA_PAUSE <= now + REPLICA_FILLS;
        whole.put(client, has ? mine + SECOND : mine);
        allWhole += has ? REPLICA_PAUSE : 0;
        return has;
    }

    synchronized int clients() {
        return whole.size();
    }
}

package dev.postern.relay.exchange;

import dev.postern.policy.LatencyClass;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;

/// Requests that wait for a place: interactive ones before batch, tenants in turn, and each tenant's in their order.
///
/// Guarantee: a tenant waits for at most one request of each other tenant, however many those have waiting; nobody has
/// more than half of the room. Non-guarantee: that batch requests are ever served while interactive ones keep coming:
/// their deadlines end them. Not thread-safe.
final class WaitingRequests {
    private final int most;
    private final Map<LatencyClass, Map<String, Queue<RequestExchange>>> byClass = new EnumMap<>(LatencyClass.class);
    private int size;

    /// @param most that wait at once
    WaitingRequests(int most) {
        this.most = most;
        for (LatencyClass latencyClass : LatencyClass.values()) {
            byClass.put(latencyClass, new LinkedHashMap<>());
        }
    }

    /// Whether there was room.
    boolean offer(RequestExchange request) {
        Queue<RequestExchange> ofTenant =
                of(request).computeIfAbsent(request.context().caller().tenant(), _ -> new ArrayDeque<>());
        boolean fits = size < most && ofTenant.size() < Math.max(1, most / 2);
        if (fits) {
            ofTenant.add(request);
            size++;
        } else if (ofTenant.isEmpty()) {
            of(request).remove(request.context().caller().tenant());
        }
        return fits;
    }

    /// Takes whose turn it is.
    Optional<RequestExchange> next() {
        for (Map<String, Queue<RequestExchange>> tenants : byClass.values()) {
            Iterator<Map.Entry<String, Queue<RequestExchange>>> turns =
                    tenants.entrySet().iterator();
            if (turns.hasNext()) {
                Map.Entry<String, Queue<RequestExchange>> turn = turns.next();
                String tenant = turn.getKey();
                Queue<RequestExchange> ofTenant = turn.getValue();
                turns.remove();
                RequestExchange request = ofTenant.remove();
                if (!ofTenant.isEmpty()) {
                    // Behind all others.
                    tenants.put(tenant, ofTenant);
                }
                size--;
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /// Takes one out of turn, because nobody waits for it any more; false when it does not wait.
    boolean remove(RequestExchange request) {
        Queue<RequestExchange> ofTenant =
                of(request).get(request.context().caller().tenant());
        if (ofTenant == null || !ofTenant.remove(request)) {
            return false;
        }
        if (ofTenant.isEmpty()) {
            of(request).remove(request.context().caller().tenant());
        }
        size--;
        return true;
    }

    int size() {
        return size;
    }

    private Map<String, Queue<RequestExchange>> of(RequestExchange request) {
        return Objects.requireNonNull(byClass.get(request.context().request().latencyClass()));
    }
}

package dev.postern.gateway.admission;

import dev.postern.gateway.admission.LimitKind.Shape;
import dev.postern.gateway.admission.LimitKind.Unit;
import dev.postern.gateway.admission.Verdict.Standing;
import dev.postern.policy.Facts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the last verdict on each client left, for a minute, with what has come back since: buckets refill by their
/// rate,
/// days begin anew at midnight.
///
/// Non-guarantee: what is given back when a request is settled, and what is taken at other replicas, shows with the
/// client's next admission here. Bounded; thread-safe.
final class LastQuotas implements QuotaView {
    private static final int MOST_CLIENTS = 10_000;
    private static final long LIFE_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    private record Client(String tenant, String id) {}

    private record Known(List<Standing> standings, long at) {}

    private final InstantSource clock;
    private final Map<Client, Known> known = new LinkedHashMap<>();

    LastQuotas(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Facts.Quota left(String tenant, String clientId) {
        Known last;
        synchronized (known) {
            last = known.get(new Client(tenant, clientId));
        }
        if (last == null) {
            return Facts.Quota.UNKNOWN;
        }
        long age = Math.max(0, clock.millis() - last.at());
        return age > LIFE_MILLIS
                ? Facts.Quota.UNKNOWN
                : new Facts.Quota(
                        least(last, Unit.REQUESTS, age),
                        least(last, Unit.MODEL_TOKENS, age),
                        least(last, Unit.SPEND_MICROS, age));
    }

    void keep(String tenant, String clientId, Verdict verdict) {
        Client client = new Client(tenant, clientId);
        Known now = new Known(verdict.standings(), clock.millis());
        synchronized (known) {
            known.remove(client);
            if (known.size() >= MOST_CLIENTS) {
                known.remove(known.keySet().iterator().next());
            }
            known.put(client, now);
        }
    }

    private static long least(Known last, Unit unit, long age) {
        return last.standings().stream()
                .filter(standing -> standing.meter().kind().unit() == unit)
                .mapToLong(standing -> left(standing, age))
                .min()
                .orElse(Facts.Quota.UNLIMITED);
    }

    private static long left(Standing standing, long age) {
        Meter meter = standing.meter();
        if (standing.resetMillis() != Verdict.NEVER && age >= standing.resetMillis()) {
            return meter.limit();
        }
        return meter.kind().shape() == Shape.BUCKET
                ? Math.min(meter.limit(), standing.left() + age * meter.perMinute() / MINUTE_MILLIS)
                : standing.left();
    }
}

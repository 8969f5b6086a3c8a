package dev.postern.gateway.admission;

import dev.postern.gateway.admission.LimitKind.Unit;
import dev.postern.gateway.admission.Verdict.Standing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the last verdict on each client left, for a minute: by then most of it has come back. Bounded; thread-safe.
final class LastQuotas implements QuotaView {
    private static final int MOST_CLIENTS = 10_000;
    private static final long LIFE_MILLIS = Duration.ofMinutes(1).toMillis();

    private record Client(String tenant, String id) {}

    private record Known(QuotaLeft left, long at) {}

    private final InstantSource clock;
    private final Map<Client, Known> known = new LinkedHashMap<>();

    LastQuotas(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized QuotaLeft left(String tenant, String clientId) {
        Known last = known.get(new Client(tenant, clientId));
        return last == null || clock.millis() - last.at() > LIFE_MILLIS ? QuotaLeft.UNKNOWN : last.left();
    }

    synchronized void keep(String tenant, String clientId, Verdict verdict) {
        Client client = new Client(tenant, clientId);
        known.remove(client);
        if (known.size() >= MOST_CLIENTS) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(
                client,
                new Known(
                        new QuotaLeft(
                                least(verdict, Unit.REQUESTS),
                                least(verdict, Unit.MODEL_TOKENS),
                                least(verdict, Unit.SPEND_MICROS)),
                        clock.millis()));
    }

    private static long least(Verdict verdict, Unit unit) {
        return verdict.standings().stream()
                .filter(standing -> standing.meter().kind().unit() == unit)
                .mapToLong(Standing::left)
                .min()
                .orElse(-1);
    }
}

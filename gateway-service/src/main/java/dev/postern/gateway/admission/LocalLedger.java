package dev.postern.gateway.admission;

import dev.postern.gateway.admission.Verdict.Standing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The ledger of this process alone, with the rules of `admission.lua`: what replaces Redis while it is away, where
/// configuration says so.
///
/// Guarantee: exact within the process. Non-guarantee: it knows nothing of what was used elsewhere or before, so that
/// a day's budget begins anew in it. One lock guards everything; it is held for microseconds.
final class LocalLedger implements Ledger {
    private static final long UNIT = 60_000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long PLACE_RETRY = 1_000;
    private static final int SWEPT_OVER = 10_000;

    private final InstantSource clock;
    private final Map<String, Count> counts = new HashMap<>();
    private final Map<String, Reservation> reservations = new HashMap<>();
    private int sweepAt = SWEPT_OVER;

    LocalLedger(InstantSource clock) {
        this.clock = clock;
    }

    private record Reservation(long takenAt, long until) {}

    /// What is known of one meter.
    private static final class Count {
        /// A level in 1/60000, or what was used.
        private long amount;
        /// The time of a level, or the window of a use.
        private long stamp;
        private long forgottenAt;
        private final Map<String, Long> places = new HashMap<>();
    }

    @Override
    public synchronized CompletionStage<Verdict> take(Demand demand) {
        long now = clock.millis();
        sweep(now);
        Optional<Meter> refusing = Optional.empty();
        long retry = 0;
        for (Meter meter : demand.meters()) {
            if (free(meter, now) >= meter.amount()) {
                continue;
            }
            long wait = waitFor(meter, now);
            if (refusing.isEmpty() || wait == Verdict.NEVER || (retry != Verdict.NEVER && wait > retry)) {
                refusing = Optional.of(meter);
                retry = wait;
            }
        }
        if (refusing.isEmpty()) {
            demand.meters().forEach(meter -> take(meter, demand, now));
            reservations.put(
                    demand.reservationKey(),
                    new Reservation(now, now + demand.lease().toMillis()));
        }
        List<Standing> standings = new ArrayList<>();
        for (Meter meter : demand.meters()) {
            standings.add(new Standing(meter, Math.max(0, free(meter, now)), resetOf(meter, now)));
        }
        return CompletableFuture.completedStage(new Verdict(refusing, retry, standings));
    }

    @Override
    public synchronized void settle(Demand demand, Used used) {
        long now = clock.millis();
        Reservation reservation = reservations.remove(demand.reservationKey());
        for (Meter meter : demand.meters()) {
            Count count = counts.get(meter.key());
            if (count != null) {
                count.places.remove(demand.requestId());
            }
            long more = meter.correction(used.of(meter));
            if (reservation != null && reservation.until() > now && more != 0) {
                correct(meter, more, now, reservation.takenAt());
            }
        }
    }

    private void correct(Meter meter, long more, long now, long takenAt) {
        switch (meter.kind().shape()) {
            case BUCKET -> storeLevel(meter, Math.min(meter.limit() * UNIT, level(meter, now) - more * UNIT), now);
            case DAY -> {
                long day = takenAt / DAY;
                if (used(meter, day) > 0) {
                    store(meter, Math.max(0, used(meter, day) + more), day, (day + 2) * DAY);
                }
            }
            case LIFE -> store(meter, Math.max(0, used(meter, 0) + more), 0, now + meter.lifeMillis());
            case PLACES -> {}
        }
    }

    private void take(Meter meter, Demand demand, long now) {
        long today = now / DAY;
        long leasedUntil = now + demand.lease().toMillis();
        switch (meter.kind().shape()) {
            case BUCKET -> storeLevel(meter, level(meter, now) - meter.amount() * UNIT, now);
            case PLACES -> {
                Count count = count(meter);
                count.places.values().removeIf(until -> until <= now);
                count.places.put(demand.requestId(), leasedUntil);
                count.forgottenAt = leasedUntil;
            }
            case DAY -> store(meter, used(meter, today) + meter.amount(), today, (today + 2) * DAY);
            case LIFE -> store(meter, used(meter, 0) + meter.amount(), 0, now + meter.lifeMillis());
        }
    }

    private long free(Meter meter, long now) {
        return switch (meter.kind().shape()) {
            case BUCKET -> Math.floorDiv(level(meter, now), UNIT);
            case PLACES -> {
                Count count = counts.get(meter.key());
                yield count == null
                        ? meter.limit()
                        : meter.limit()
                                - count.places.values().stream()
                                        .filter(until -> until > now)
                                        .count();
            }
            case DAY -> meter.limit() - used(meter, now / DAY);
            case LIFE -> meter.limit() - used(meter, 0);
        };
    }

    private long waitFor(Meter meter, long now) {
        return switch (meter.kind().shape()) {
            case BUCKET -> Math.ceilDiv(meter.amount() * UNIT - level(meter, now), meter.perMinute());
            case PLACES -> PLACE_RETRY;
            case DAY -> (now / DAY + 1) * DAY - now;
            case LIFE -> Verdict.NEVER;
        };
    }

    private long resetOf(Meter meter, long now) {
        return switch (meter.kind().shape()) {
            case BUCKET -> Math.ceilDiv(meter.limit() * UNIT - level(meter, now), meter.perMinute());
            case PLACES -> 0;
            case DAY -> (now / DAY + 1) * DAY - now;
            case LIFE -> Verdict.NEVER;
        };
    }

    private long level(Meter meter, long now) {
        Count count = counts.get(meter.key());
        long capacity = meter.limit() * UNIT;
        if (count == null) {
            return capacity;
        }
        long toFull = Math.ceilDiv(capacity - Math.min(capacity, count.amount), meter.perMinute());
        long elapsed = Math.clamp(now - count.stamp, 0, toFull);
        return Math.min(capacity, count.amount + elapsed * meter.perMinute());
    }

    private long used(Meter meter, long window) {
        Count count = counts.get(meter.key());
        return count == null || count.stamp != window ? 0 : count.amount;
    }

    private void storeLevel(Meter meter, long units, long now) {
        store(meter, units, now, now + Math.ceilDiv(meter.limit() * UNIT - units, meter.perMinute()) + 1);
    }

    private void store(Meter meter, long amount, long stamp, long forgottenAt) {
        Count count = count(meter);
        count.amount = amount;
        count.stamp = stamp;
        count.forgottenAt = forgottenAt;
    }

    private Count count(Meter meter) {
        return counts.computeIfAbsent(meter.key(), _ -> new Count());
    }

    /// What expired says no more than its absence. Swept when the ledger has doubled, so each entry pays for itself.
    private void sweep(long now) {
        if (counts.size() + reservations.size() < sweepAt) {
            return;
        }
        counts.values().removeIf(count -> count.forgottenAt <= now);
        reservations.values().removeIf(reservation -> reservation.until() <= now);
        sweepAt = Math.max(SWEPT_OVER, 2 * (counts.size() + reservations.size()));
    }
}

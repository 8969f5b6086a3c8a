package dev.postern.policy.anomaly;

import java.util.LinkedHashMap;
import java.util.Map;

/// Regions a client was seen in. One that is new, for a client that has been known in another for at least
/// [#SETTLED_MILLIS], adds 0.6 of what is missing to 1; that halves every 15 minutes. Seven days unseen, and a region
/// is new again. Addresses without a region say nothing.
///
/// Not thread-safe. Holds at most [#MOST] regions, the last seen.
final class RegionDrift {

    static final int MOST = 16;
    static final long SETTLED_MILLIS = 600_000;

    private static final long HALF_LIFE_MILLIS = 900_000;
    private static final long FORGOTTEN_MILLIS = 7L * 86_400_000;
    private static final double STEP = 0.6;

    private final Map<String, Long> lastSeen = new LinkedHashMap<>(MOST, 0.75f, true);
    private final Decay drift = new Decay(HALF_LIFE_MILLIS);
    private long firstSeen = Long.MAX_VALUE;

    void seen(String region, long nowMillis) {
        if (region.isEmpty()) {
            return;
        }
        firstSeen = Math.min(firstSeen, nowMillis);
        Long before = lastSeen.put(region, nowMillis);
        boolean isNew = before == null || nowMillis - before > FORGOTTEN_MILLIS;
        if (isNew && nowMillis - firstSeen >= SETTLED_MILLIS) {
            double score = drift.at(nowMillis);
            drift.set(score + (1 - score) * STEP, nowMillis);
        }
        if (lastSeen.size() > MOST) {
            lastSeen.remove(lastSeen.keySet().iterator().next());
        }
    }

    double score(long nowMillis) {
        return drift.at(nowMillis);
    }
}

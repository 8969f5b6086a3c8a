package dev.postern.gateway.admission;

import dev.postern.gateway.admission.LimitKind.Shape;

/// One limit of one request, and what the request takes from it.
///
/// @param name which limit it is, in headers
/// @param key where it is kept; the same for all requests that it limits together
/// @param limit the most that it holds
/// @param perMinute what refills in a minute; only buckets refill
/// @param amount what the request takes; never more than a bucket holds
/// @param lifeMillis how long a meter of the shape `LIFE` is remembered
record Meter(LimitKind kind, String name, String key, long limit, long perMinute, long amount, long lifeMillis) {
    /// The largest limit; the script counts exactly up to there. Larger ones are taken for it.
    static final long MOST = 1_000_000_000_000_000L;
    /// The same for buckets, whose levels are counted in 1/60000.
    static final long MOST_IN_BUCKET = 100_000_000_000L;

    Meter {
        long most = kind.shape() == Shape.BUCKET ? MOST_IN_BUCKET : MOST;
        limit = Math.clamp(limit, 0, most);
        perMinute = Math.clamp(perMinute, 1, MOST_IN_BUCKET);
        // Who could use more than a whole bucket waits for a full one, and owes the rest.
        amount = Math.clamp(amount, 0, kind.shape() == Shape.BUCKET ? Math.max(1, limit) : MOST);
    }

    static Meter bucket(LimitKind kind, String name, String key, long capacity, long perMinute, long amount) {
        return new Meter(kind, name, key, capacity, perMinute, amount, 0);
    }

    static Meter places(String name, String key, long limit) {
        return new Meter(LimitKind.CONCURRENCY, name, key, limit, 1, 1, 0);
    }

    static Meter day(LimitKind kind, String name, String key, long limit, long amount) {
        return new Meter(kind, name, key, limit, 1, amount, 0);
    }

    static Meter life(LimitKind kind, String name, String key, long limit, long amount, long lifeMillis) {
        return new Meter(kind, name, key, limit, 1, amount, lifeMillis);
    }

    /// By how much the request took more (negative: less) than it reserved.
    long correction(long used) {
        return Math.clamp(used, 0, MOST) - amount;
    }

    /// The share of one of `replicas` that count each for themselves; at least one.
    Meter sharedBy(int replicas) {
        return limit == 0
                ? this
                : new Meter(
                        kind,
                        name,
                        key,
                        Math.max(1, limit / replicas),
                        Math.max(1, perMinute / replicas),
                        amount,
                        lifeMillis);
    }
}

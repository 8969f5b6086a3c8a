package dev.postern.chassis.keys;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Keys for what a process hands out and takes back itself, such as stateless challenges: born here, dead with it. The
/// newest makes what is new; one that was succeeded is accepted for a while.
///
/// The key directory turns them over where it is heard. Where it says nothing they go on by themselves: a key is the
/// newest for [Pace#longest] at most, and its successor is one of ours that the directory does not know.
///
/// Guarantee: a key that was succeeded [Pace#window] ago, or that a directory applied here calls destroyed or
/// compromised, makes and accepts nothing, and is erased; with a compromised key go those that this process made by
/// itself, for whoever read one read the others. There is always a newest key. Failure direction: open, for a while:
/// without a directory challenges are still made and checked, under keys of the same age at most.
///
/// [#usable] is safe for any thread and takes no lock unless a key is over.
public final class TurningKeys<K> implements KeySource<TurningKeys.Named<K>>, AutoCloseable {
    private static final int NAME_BYTES = 12;
    /// The directory turns them over each hour.
    private static final Pace CHALLENGES = new Pace(Duration.ofHours(2), Duration.ofMinutes(5));

    /// How they turn over by themselves.
    ///
    /// @param longest that one is the newest
    /// @param window for which it is accepted afterwards: at least the life of what it makes
    public record Pace(Duration longest, Duration window) {
        public Pace {
            if (!longest.isPositive() || !window.isPositive()) {
                throw new IllegalArgumentException("keys turn over at a positive pace");
            }
        }
    }

    /// A key and its id; prints the id alone.
    public static final class Named<K> {
        private final String id;
        private final K key;

        private Named(String id, K key) {
            this.id = id;
            this.key = key;
        }

        @Override
        public String toString() {
            return "Named[" + id + "]";
        }
    }

    private enum Origin {
        DIRECTORY,
        OURS
    }

    /// @param over when it is to be looked at: the newest is succeeded then, another is erased
    private record Kept<K>(Named<K> named, Origin origin, Instant over) {}

    /// What readers see.
    ///
    /// @param look the first moment at which something is over
    private record Ring<K>(List<Kept<K>> kept, List<K> keys, Instant look) {
        static <K> Ring<K> of(List<Kept<K>> kept) {
            return new Ring<>(
                    List.copyOf(kept),
                    kept.stream().map(it -> it.named().key).toList(),
                    kept.stream().map(Kept::over).min(Instant::compareTo).orElse(Instant.MAX));
        }

        boolean hasNewest(Named<K> named) {
            return !kept.isEmpty() && kept.getFirst().named() == named;
        }
    }

    private final String keyClass;
    private final Pace pace;
    private final Supplier<K> births;
    private final Consumer<K> erasure;
    private final Clock clock;
    private final SecureRandom random;
    /// Changed under this object's monitor.
    private volatile Ring<K> ring;

    /// Makes the first key.
    ///
    /// @param erasure makes a key good for nothing, also where it is being used
    public TurningKeys(
            String keyClass, Pace pace, Supplier<K> births, Consumer<K> erasure, Clock clock, SecureRandom random) {
        this.keyClass = keyClass;
        this.pace = pace;
        this.births = births;
        this.erasure = erasure;
        this.clock = clock;
        this.random = random;
        this.ring = Ring.of(List.of(ours(clock.instant())));
    }

    /// The class `challenge-mac`, whose challenges live less than two minutes.
    public static <K> TurningKeys<K> challenges(
            Supplier<K> births, Consumer<K> erasure, Clock clock, SecureRandom random) {
        return new TurningKeys<>("challenge-mac", CHALLENGES, births, erasure, clock, random);
    }

    /// The newest first; nothing once this is closed.
    public List<K> usable() {
        Ring<K> seen = ring;
        Instant now = clock.instant();
        return now.isBefore(seen.look()) ? seen.keys() : turned(now).keys();
    }

    @Override
    public String keyClass() {
        return keyClass;
    }

    @Override
    public Retirement retirement() {
        return Retirement.HELD;
    }

    @Override
    public Named<K> next() {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        // The hyphen keeps it from looking like a certificate's serial number.
        return new Named<>(
                keyClass + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(name), births.get());
    }

    @Override
    public String keyId(Named<K> named) {
        return named.id;
    }

    @Override
    public Map<String, Object> publicJwk(Named<K> named) {
        return Map.of();
    }

    @Override
    public void moved(Named<K> named, Fate fate) {
        switch (fate) {
            case PREPARED, RETIRING -> {}
            case ACTIVE -> publish(named);
            case DESTROYED -> end(named, kept -> kept.named() == named);
            case COMPROMISED -> end(named, kept -> kept.named() == named || kept.origin() == Origin.OURS);
        }
    }

    private synchronized void publish(Named<K> named) {
        if (ring.kept().isEmpty()) {
            // Closed meanwhile.
            erasure.accept(named.key);
            return;
        }
        if (!ring.hasNewest(named)) {
            Instant now = clock.instant();
            succeed(new Kept<>(named, Origin.DIRECTORY, now.plus(pace.longest())), ring.kept(), now);
        }
    }

    private synchronized void end(Named<K> named, Predicate<Kept<K>> which) {
        Instant now = clock.instant();
        List<Kept<K>> left = ring.kept().stream().filter(which.negate()).toList();
        List<Kept<K>> ended = ring.kept().stream().filter(which).toList();
        boolean newest = !ended.isEmpty() && ended.getFirst().equals(ring.kept().getFirst());
        if (newest) {
            succeed(ours(now), left, now);
        } else {
            ring = Ring.of(left);
        }
        // After they are out of sight.
        ended.forEach(kept -> erasure.accept(kept.named().key));
        erasure.accept(named.key);
    }

    /// Ends what is over.
    private synchronized Ring<K> turned(Instant now) {
        List<Kept<K>> kept = ring.kept();
        if (kept.isEmpty()) {
            return ring;
        }
        if (!now.isBefore(kept.getFirst().over())) {
            succeed(ours(now), kept, now);
        }
        List<Kept<K>> ended =
                ring.kept().stream().filter(it -> !now.isBefore(it.over())).toList();
        ring = Ring.of(
                ring.kept().stream().filter(it -> now.isBefore(it.over())).toList());
        ended.forEach(it -> erasure.accept(it.named().key));
        return ring;
    }

    private void succeed(Kept<K> newest, List<Kept<K>> older, Instant now) {
        Instant end = now.plus(pace.window());
        List<Kept<K>> next = new ArrayList<>(List.of(newest));
        for (Kept<K> old : older) {
            // What was succeeded before ends when it was to; the one that is succeeded now, after its window.
            next.add(
                    old.over().isAfter(end) || old.equals(ring.kept().getFirst())
                            ? new Kept<>(old.named(), old.origin(), end)
                            : old);
        }
        ring = Ring.of(next);
    }

    private Kept<K> ours(Instant now) {
        return new Kept<>(next(), Origin.OURS, now.plus(pace.longest()));
    }

    /// Erases every key: nothing that was made is accepted any more, and nothing is made.
    @Override
    public synchronized void close() {
        List<K> all = ring.keys();
        ring = Ring.of(List.of());
        all.forEach(erasure);
    }
}

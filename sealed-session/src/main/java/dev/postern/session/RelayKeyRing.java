package dev.postern.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// A relay's HPKE keys: born here, never stored, never shared. The newest period is published; the two before it
/// still open what was sealed to them; older ones are erased, and with them every recorded OPEN.
///
/// A configuration says that its keys work for three periods, and never for longer than 15 min: so long they do, also
/// where the key directory replaces and destroys them at its standard pace. Then they are erased.
///
/// Whoever gives keys out of a life cycle of their own [publishes][#publish] them; [#rotateIfDue] then only sees to it
/// that no key is published for longer than a period, whatever becomes of that life cycle.
///
/// Each period has one key configuration of its own, so that a `key_id` names exactly one `kcd`. Safe for many
/// threads: readers see one immutable list, writers hold this object's monitor.
public final class RelayKeyRing implements AutoCloseable {
    private static final int PERIODS = 3;
    private static final Duration LONGEST_PROMISE = Duration.ofMinutes(15);

    private final RelayDescription relay;
    private final List<Suite> suites;
    private final Duration period;
    private final Clock clock;
    private final SecureRandom random;
    private final Function<Suite, KemKeyPair> keyPairs;
    private volatile List<Period> periods = List.of();

    private enum Origin {
        RING,
        CALLER
    }

    private record Period(KeyConfig config, Instant born, RelayKeySet set, List<RelayKey> keys, Origin origin) {}

    /// @param suites what the relay accepts, in the order it prefers
    /// @param period how long the newest keys are published: 5 to 10 minutes
    public RelayKeyRing(RelayDescription relay, List<Suite> suites, Duration period, Clock clock, SecureRandom random) {
        this(relay, suites, period, clock, random, Hpke::generate);
    }

    /// With keys from elsewhere: for tests of what was sealed to a ring of before, since a key that is known is none.
    RelayKeyRing(
            RelayDescription relay,
            List<Suite> suites,
            Duration period,
            Clock clock,
            SecureRandom random,
            Function<Suite, KemKeyPair> keyPairs) {
        if (suites.isEmpty() || suites.stream().distinct().count() != suites.size()) {
            throw new IllegalArgumentException("a relay accepts at least one suite, each named once");
        }
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a period is positive");
        }
        this.relay = relay;
        this.suites = List.copyOf(suites);
        this.period = period;
        this.clock = clock;
        this.random = random;
        this.keyPairs = keyPairs;
        rotate();
    }

    /// The configuration to publish now.
    public KeyConfig current() {
        return periods.getFirst().config();
    }

    /// Begins a new period when the current one is over; says whether it did. For a timer.
    public synchronized boolean rotateIfDue() {
        boolean due = !clock.instant().isBefore(periods.getFirst().born().plus(period));
        if (due) {
            rotate();
        }
        Instant now = clock.instant();
        eraseWhere(kept -> !now.isBefore(kept.config().expires()));
        return due;
    }

    /// Begins a new period at once with keys of its own.
    public synchronized void rotate() {
        begin(prepare(), Origin.RING);
    }

    /// New keys that nobody can seal to before they are published.
    public RelayKeySet prepare() {
        List<KeyId> ids = new ArrayList<>();
        List<KemKeyPair> pairs = new ArrayList<>();
        for (Suite suite : suites) {
            pairs.add(keyPairs.apply(suite));
            ids.add(KeyId.random(random));
        }
        return new RelayKeySet(ids, pairs);
    }

    /// Begins a new period with keys that were [prepared][#prepare].
    public synchronized void publish(RelayKeySet prepared) {
        begin(prepared, Origin.CALLER);
    }

    /// Erases a set, published or not. Should it be what is published now, a new period begins.
    public synchronized void erase(RelayKeySet set) {
        eraseWhere(period -> period.set() == set);
        set.erase();
    }

    /// As [#erase], for keys that somebody else may hold; and whoever has those of one period may have those that this
    /// ring made for itself, so they go too.
    ///
    /// @return the `key_id` of every key that went
    public synchronized Set<String> compromised(RelayKeySet set) {
        Set<String> gone = new HashSet<>(set.keyIds());
        eraseWhere(period -> {
            boolean goes = period.set() == set || period.origin() == Origin.RING;
            if (goes) {
                gone.addAll(period.set().keyIds());
            }
            return goes;
        });
        set.erase();
        return gone;
    }

    private void eraseWhere(Predicate<Period> which) {
        List<Period> erased = periods.stream().filter(which).toList();
        // What is published next must not be keys that are on their way out.
        boolean another = erased.contains(periods.getFirst());
        periods = periods.stream().filter(period -> !erased.contains(period)).toList();
        if (another) {
            rotate();
        }
        erased.forEach(RelayKeyRing::erase);
    }

    private void begin(RelayKeySet set, Origin origin) {
        Instant now = clock.instant();
        Duration all = period.multipliedBy(PERIODS);
        Duration promise = all.compareTo(LONGEST_PROMISE) < 0 ? all : LONGEST_PROMISE;
        KeyConfig config = KeyConfig.of(relay, now, now.plus(promise), set.publicKeys());
        List<Period> next = new ArrayList<>(List.of(new Period(config, now, set, set.under(config), origin)));
        next.addAll(periods);
        List<Period> dropped = next.subList(Math.min(PERIODS, next.size()), next.size());
        List<Period> erased = List.copyOf(dropped);
        dropped.clear();
        periods = List.copyOf(next);
        erased.forEach(RelayKeyRing::erase);
    }

    /// The key of that name, if this relay still has it and its configuration has not expired.
    Optional<RelayKey> find(KeyId id) {
        Instant now = clock.instant();
        return periods.stream()
                .filter(kept -> now.isBefore(kept.config().expires()))
                .flatMap(kept -> kept.keys().stream())
                .filter(key -> key.id().equals(id))
                .findFirst();
    }

    /// What the set of the key of that name is called, while this ring has it.
    public Optional<String> setOf(String keyId) {
        return periods.stream()
                .map(Period::set)
                .filter(set -> set.keyIds().contains(keyId))
                .map(RelayKeySet::name)
                .findFirst();
    }

    private static void erase(Period period) {
        period.keys().forEach(RelayKey::close);
    }

    /// Erases every key.
    @Override
    public synchronized void close() {
        List<Period> all = periods;
        all.forEach(RelayKeyRing::erase);
    }
}

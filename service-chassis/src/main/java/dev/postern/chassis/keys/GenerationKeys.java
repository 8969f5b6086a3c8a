package dev.postern.chassis.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the key directory drive [Generations]: shared by all replicas of a service, kept over restarts.
///
/// A key is a number. A spare is the promise of the next one: nothing of it exists before the directory calls it
/// ACTIVE, so nothing can be sealed under it, nor stolen. Then the generation is made and everything sealed under it;
/// the old one opens until its window ends. A compromised one ends as soon as everything is sealed anew and [#grace]
/// has passed, in which what was being written under it is found by another look; how much was sealed anew is reported.
///
/// Guarantee: a generation ends only after a look that began when its successor had sealed for `grace` found everything
/// under the newest. A process that dies at any step leaves everything readable, and its next start, or another
/// replica, goes on: the directory says what is to be done. Non-guarantee: that a replica which follows the directory
/// late does not lose what it seals under an ended generation meanwhile.
///
/// [#tend] does the work, on a thread of its own: it may be slow. The other methods are called by [OwnedKeys].
public final class GenerationKeys implements KeySource<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationKeys.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final String keyClass;
    private final String prefix;
    private final Generations generations;
    private final Duration grace;
    private final Clock clock;

    // What the directory wants. Guarded by this object's monitor, which is never held while work is done.
    /// Those that the directory has named.
    private final TreeSet<Integer> named = new TreeSet<>();
    /// The highest that was ever seen to seal.
    private int newest;
    private int wanted;
    /// Those whose window is over.
    private final TreeSet<Integer> destroyed = new TreeSet<>();
    private final Set<Integer> compromised = new HashSet<>();
    private boolean changed;
    /// How much was sealed anew under each generation.
    private final TreeMap<Integer, Integer> renewed = new TreeMap<>();
    /// Compromised ones that ended, and how much was sealed anew because of it.
    private final Map<Integer, Integer> ended = new HashMap<>();

    // Of the tending thread.
    private Instant pausedAt = Instant.MAX;
    private Duration pause = Duration.ZERO;
    private int advanced;
    private Instant advancedAt = Instant.MIN;

    /// @param prefix begins every id: whose generations these are, since ids are the platform's
    /// @param grace how long something may be on its way to its store after it was sealed
    public GenerationKeys(String keyClass, String prefix, Generations generations, Duration grace, Clock clock) {
        this.keyClass = keyClass;
        this.prefix = prefix + "-";
        this.generations = generations;
        this.grace = grace;
        this.clock = clock;
        this.newest = generations.newest();
    }

    @Override
    public String keyClass() {
        return keyClass;
    }

    @Override
    public Retirement retirement() {
        return Retirement.HELD;
    }

    /// What seals already, while the directory knows none; then one that there is not yet.
    @Override
    public synchronized Integer next() {
        return named.isEmpty() ? newest : Math.max(named.last(), newest) + 1;
    }

    @Override
    public String keyId(Integer generation) {
        return prefix + generation;
    }

    @Override
    public Map<String, Object> publicJwk(Integer generation) {
        return Map.of();
    }

    @Override
    public synchronized Optional<Integer> load(String keyId) {
        return generation(keyId).filter(generation -> !ended.containsKey(generation));
    }

    private Optional<Integer> generation(String keyId) {
        if (!keyId.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(keyId.substring(prefix.length())))
                    .filter(generation -> keyId(generation).equals(keyId));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void moved(Integer generation, Fate fate) {
        named.add(generation);
        switch (fate) {
            case PREPARED, RETIRING -> {}
            case ACTIVE -> {
                wanted = Math.max(wanted, generation);
                changed = true;
            }
            case DESTROYED -> {
                destroyed.add(generation);
                changed = true;
            }
            case COMPROMISED -> {
                // Never again under that one, spare or not.
                wanted = Math.max(wanted, generation + 1);
                if (!ended.containsKey(generation)) {
                    compromised.add(generation);
                }
                changed = true;
            }
        }
    }

    @Override
    public synchronized OptionalInt endedWith(String keyId) {
        Integer count = generation(keyId).map(ended::get).orElse(null);
        return count == null ? OptionalInt.empty() : OptionalInt.of(count);
    }

    /// Whether something is still to be done.
    public synchronized boolean isWaiting() {
        return changed;
    }

    /// @param wanted what must seal
    /// @param compromised those to end that somebody waits for
    private record Todo(int wanted, Set<Integer> compromised) {}

    /// Does what the directory wants, as far as it can be done now. To be called every now and then by one thread;
    /// costs nothing while nothing is wanted.
    public void tend() {
        Instant now = clock.instant();
        if (!now.isBefore(pausedAt) && now.isBefore(pausedAt.plus(pause))) {
            return;
        }
        todo().ifPresent(todo -> {
            try {
                work(todo);
            } catch (RuntimeException e) {
                // Key management or the store is away, or a value is damaged: nothing was ended, so nothing is lost.
                LOG.warn(
                        "{} keys could not be moved on, and are tried again: {}",
                        keyClass,
                        e.getClass().getSimpleName());
                again(AFTER_FAILURE);
            }
        });
    }

    private synchronized Optional<Todo> todo() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(new Todo(wanted, Set.copyOf(compromised)));
    }

    /// Before which all must be ended; 0 for none. What seals, and a promise, end nothing older when a directory lists
    /// them no more: that is one which was restored, not a window that is over.
    ///
    /// What was made by hand between two that the directory knows goes with the first of them. All that it lists
    /// are known here before anything ends: one that is compromised waits for `grace` after a start.
    private synchronized int end(Set<Integer> compromised, int seals) {
        TreeSet<Integer> over = new TreeSet<>(destroyed);
        over.addAll(compromised);
        Integer last = over.lower(seals);
        if (last == null) {
            return 0;
        }
        Integer next = named.higher(last);
        return Math.min(next == null ? last + 1 : next, seals);
    }

    private void again(Duration after) {
        pausedAt = clock.instant();
        pause = after;
        synchronized (this) {
            changed = true;
        }
    }

    private void work(Todo todo) {
        int before = generations.newest();
        // Also when the newest is there: of several keys that advance together, some may have been left behind.
        generations.advanceTo(todo.wanted());
        int seals = generations.newest();
        Instant looked = clock.instant();
        if (seals != advanced) {
            // What sealed when this process began has done so for long, unless something was denied just now.
            boolean sealedBefore =
                    advanced == 0 && seals == before && todo.compromised().isEmpty();
            advancedAt = sealedBefore ? Instant.MIN : looked;
            advanced = seals;
        }
        int moved = generations.renew();
        if (moved > 0) {
            LOG.info("{} values are under {} generation {} now", moved, keyClass, seals);
        }
        count(seals, moved);
        int end = end(todo.compromised(), seals);
        if (end <= 1) {
            return;
        }
        // Compared this way round: the first moment has no moment before it.
        if (looked.minus(grace).isBefore(advancedAt)) {
            again(grace);
        } else {
            generations.endBefore(end);
            over(todo.compromised());
        }
    }

    private synchronized void count(int seals, int moved) {
        newest = Math.max(newest, seals);
        renewed.merge(seals, moved, Integer::sum);
    }

    private synchronized void over(Set<Integer> all) {
        for (int generation : all) {
            ended.put(
                    generation,
                    renewed.tailMap(generation, false).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
            compromised.remove(generation);
        }
    }
}

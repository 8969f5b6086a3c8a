package dev.postern.sts.client;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;

/// The enabled clients, remembered: a request costs the database nothing while nothing changes.
///
/// Guarantee: a client that was changed, disabled or removed by whichever replica is seen so after [#BOUND] at the
/// latest; when the database cannot say whether anything changed, nobody is found (it fails closed).
///
/// Thread-safe. One thread at a time asks the database for changes; those that come meanwhile wait for its answer, and
/// when there is none for [#PAUSE], for that: a database that is away costs each request one wait and not one after the
/// other.
public final class Clients {

    /// For how long what is remembered counts without asking.
    public static final Duration BOUND = Duration.ofSeconds(1);

    /// For how long a database that did not answer is not asked again.
    static final Duration PAUSE = Duration.ofMillis(500);

    /// How far into the future a revocation reaches that ends what a client has: another replica may issue by what it
    /// remembers of it for [#BOUND], and its clock may be a little ahead.
    public static final Duration REACH = BOUND.plusMillis(500);

    private static final int MOST = 10_000;

    /// What is remembered of one state of the registry; replaced as one.
    private record Known(long changes, long checkedAt, Map<String, Optional<ClientRegistration>> clients) {}

    /// That the database did not answer.
    private record Silence(long since, DataAccessException cause) {}

    private final ClientRegistry registry;
    private final Clock clock;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(-1, 0, Map.of()));
    private final ReentrantLock asking = new ReentrantLock();

    /// Guarded by [#asking].
    private @Nullable Silence silence;

    public Clients(ClientRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /// The client, if there is one of that name and it is enabled.
    ///
    /// @throws DataAccessException when the database cannot say
    public Optional<ClientRegistration> find(String clientId) {
        if (clientId.length() > 64) {
            return Optional.empty();
        }
        Known current = current();
        Optional<ClientRegistration> remembered = current.clients().get(clientId);
        if (remembered != null) {
            return remembered;
        }
        Optional<ClientRegistration> found = registry.find(clientId).filter(ClientRegistration::isEnabled);
        if (current.clients().size() >= MOST) {
            current.clients().clear();
        }
        // Read after `current` was: at worst newer than it.
        current.clients().put(clientId, found);
        return found;
    }

    private Known current() {
        long now = clock.millis();
        Known current = known.get();
        if (isFresh(current, now)) {
            return current;
        }
        asking.lock();
        try {
            current = known.get();
            now = clock.millis();
            if (isFresh(current, now)) {
                return current;
            }
            requireSpeaking(now);
            long changes = changes();
            Known next = changes == current.changes()
                    ? new Known(changes, now, current.clients())
                    : new Known(changes, now, new ConcurrentHashMap<>());
            known.set(next);
            return next;
        } finally {
            asking.unlock();
        }
    }

    private void requireSpeaking(long now) {
        Silence last = silence;
        if (last != null && now >= last.since() && now - last.since() < PAUSE.toMillis()) {
            throw new TransientDataAccessResourceException("the database was away a moment ago", last.cause());
        }
    }

    private long changes() {
        try {
            long changes = registry.changes();
            silence = null;
            return changes;
        } catch (DataAccessException e) {
            silence = new Silence(clock.millis(), e);
            throw e;
        }
    }

    private static boolean isFresh(Known known, long now) {
        long age = now - known.checkedAt();
        return known.changes() >= 0 && age >= 0 && age < BOUND.toMillis();
    }
}

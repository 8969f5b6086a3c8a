package dev.postern.sts.session;

import dev.postern.redis.RedisLink;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What runs now, read from Redis: each gateway and relay writes `postern:sessions:<replica>` every second, and the key
/// goes five seconds after its writer.
///
/// Non-guarantee: it is a view some seconds old at most, of at most 256 replicas and 20,000 entries; revocation does
/// not depend on it. While Redis is away there is no view.
public final class LiveSessions {

    private static final String KEYS = "postern:sessions:*";
    private static final int MAX_REPLICAS = 256;
    private static final int MAX_ENTRIES = 20_000;
    private static final int MAX_STEPS = 256;
    private static final int STEP = 1_000;
    private static final int MAX_VALUE = 4 * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Redis did not answer.
    public static final class Unavailable extends Exception {
        Unavailable() {
            super("unavailable", null, false, false);
        }
    }

    /// What was found.
    ///
    /// @param complete whether the bounds left nothing out
    public record View(List<LiveSession> sessions, boolean complete) {}

    private final RedisLink redis;

    public LiveSessions(RedisLink redis) {
        this.redis = redis;
    }

    /// Everything that runs, in an order of its own.
    public View read() throws Unavailable {
        RedisAsyncCommands<String, String> commands =
                redis.connection().orElseThrow(Unavailable::new).async();
        Set<String> keys = new TreeSet<>();
        boolean complete = scan(commands, keys);
        List<LiveSession> sessions = new ArrayList<>();
        if (!keys.isEmpty()) {
            for (KeyValue<String, String> replica : await(commands.mget(keys.toArray(String[]::new)))) {
                complete &= add(replica.getValueOrElse(""), sessions);
            }
        }
        sessions.sort(java.util.Comparator.comparing(LiveSession::key));
        return new View(List.copyOf(sessions), complete);
    }

    private static boolean scan(RedisAsyncCommands<String, String> commands, Set<String> keys) throws Unavailable {
        ScanArgs wanted = ScanArgs.Builder.matches(KEYS).limit(STEP);
        ScanCursor cursor = ScanCursor.INITIAL;
        for (int step = 0; step < MAX_STEPS; step++) {
            KeyScanCursor<String> found = await(commands.scan(cursor, wanted));
            for (String key : found.getKeys()) {
                if (keys.size() == MAX_REPLICAS) {
                    return false;
                }
                keys.add(key);
            }
            if (found.isFinished()) {
                return true;
            }
            cursor = found;
        }
        return false;
    }

    /// A replica that writes nonsense is left out; the others are not.
    private static boolean add(String value, List<LiveSession> to) {
        if (value.isEmpty()) {
            return true;
        }
        if (value.length() > MAX_VALUE) {
            return false;
        }
        try {
            for (JsonNode entry : JSON.readTree(value)) {
                if (to.size() == MAX_ENTRIES) {
                    return false;
                }
                LiveSession.of(entry).ifPresent(to::add);
            }
            return true;
        } catch (JacksonException _) {
            return false;
        }
    }

    private static <T> T await(Future<T> reply) throws Unavailable {
        try {
            return reply.get(2, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Unavailable();
        } catch (ExecutionException | TimeoutException | RuntimeException _) {
            throw new Unavailable();
        }
    }
}

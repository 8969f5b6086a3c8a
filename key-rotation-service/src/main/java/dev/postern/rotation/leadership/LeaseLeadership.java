package dev.postern.rotation.leadership;

import dev.postern.redis.RedisLink;
import dev.postern.rotation.ledger.Leadership;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leadership by a lease in Redis that is renewed three times in its life, with a fence that only grows.
///
/// Guarantee: while Redis keeps its memory, one process holds the lease, and every new holding has a new fence. A Redis
/// that lost its memory cannot give an old fence either: it gives one above the highest that the ledger has seen. So
/// nobody takes the lease before they have read the ledger: the first fence of a Redis could be the one by which
/// somebody led without an election, and would lead nowhere.
///
/// While Redis cannot be reached, whoever led goes on: nobody else can take the lease meanwhile, and should a partition
/// let somebody, their fence is in the ledger and ends this process's writing. Who did not lead does not begin.
public final class LeaseLeadership implements Leadership, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseLeadership.class);

    /// Takes or renews the lease and answers the fence, or 0 when another holds it. The braces keep both keys on one
    /// node of a cluster.
    private static final String SCRIPT = """
            local me, ttl, stored = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
            local held = redis.call('hmget', KEYS[1], 'by', 'fence')
            if held[1] and held[1] ~= me then
              return '0'
            end
            local fence = held[2]
            if not held[1] or tonumber(fence) < stored then
              -- A new holding: above every fence given here, and above all that the ledger has seen.
              local last = tonumber(redis.call('get', KEYS[2]) or '0')
              fence = string.format('%.0f', math.max(last, stored) + 1)
              redis.call('set', KEYS[2], fence)
              redis.call('hset', KEYS[1], 'by', me, 'fence', fence)
            end
            redis.call('pexpire', KEYS[1], ttl)
            return fence
            """;
    /// Gives the lease up, if it is still ours.
    private static final String RELEASE = """
            if redis.call('hget', KEYS[1], 'by') == ARGV[1] then
              redis.call('del', KEYS[1])
            end
            return '0'
            """;
    private static final long NOT_READ = -1;
    private static final String[] KEYS = {"{postern:rotation}:lease", "{postern:rotation}:fence"};

    private final RedisLink redis;
    private final String me;
    private final Duration ttl;
    private final ScheduledExecutorService thread;
    private final AtomicLong stored = new AtomicLong(NOT_READ);
    private volatile long fence;

    /// @param me names this process; a fresh one per process
    /// @param ttl after which a dead leader is succeeded
    /// @param thread of one thread; ended by [#close]
    public LeaseLeadership(RedisLink redis, String me, Duration ttl, ScheduledExecutorService thread) {
        this.redis = redis;
        this.me = me;
        this.ttl = ttl;
        this.thread = thread;
    }

    /// Begins to stand for election, once the ledger was read.
    public LeaseLeadership start() {
        var _ = thread.scheduleWithFixedDelay(this::renew, 0, ttl.toMillis() / 3, TimeUnit.MILLISECONDS);
        return this;
    }

    @Override
    public OptionalLong fence(long highest) {
        stored.accumulateAndGet(highest, Math::max);
        long mine = fence;
        return mine > 0 ? OptionalLong.of(mine) : OptionalLong.empty();
    }

    /// One try to take or keep the lease. Only the thread and tests call this.
    void renew() {
        long highest = stored.get();
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (highest == NOT_READ || open.isEmpty()) {
            return;
        }
        try {
            String answer = open.get()
                    .async()
                    .<String>eval(
                            SCRIPT,
                            ScriptOutputType.VALUE,
                            KEYS,
                            me,
                            Long.toString(ttl.toMillis()),
                            // Whoever holds a fence at least as high as the ledger's keeps it.
                            Long.toString(highest))
                    .get(ttl.toMillis() / 3, TimeUnit.MILLISECONDS);
            fence = Long.parseLong(answer);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.debug("the lease could not be renewed", e);
        }
    }

    /// Lets the next one lead at once.
    @Override
    public void close() {
        thread.shutdownNow();
        fence = 0;
        redis.connection().ifPresent(open -> {
            var _ = open.async().eval(RELEASE, ScriptOutputType.VALUE, KEYS, me);
        });
    }
}

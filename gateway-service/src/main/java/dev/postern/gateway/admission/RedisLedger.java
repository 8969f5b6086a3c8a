package dev.postern.gateway.admission;

import dev.postern.gateway.admission.Verdict.Standing;
import dev.postern.redis.RedisLink;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// The ledger that all replicas share: one call of `admission.lua`, where the guarantees are written down.
///
/// A Redis that does not answer within `postern.redis.timeout` is away. After a silence it is left alone for a moment,
/// so that not every request waits for it.
final class RedisLedger implements Ledger {
    private static final String SCRIPT = script();
    private static final String CLOCK_OF_REDIS = "0";
    private static final int HEAD = 3;
    private static final long PAUSE_MILLIS = 500;

    private final RedisLink redis;
    private final InstantSource clock;
    private final Optional<InstantSource> counting;
    private volatile String digest = "";
    private volatile long silentUntil = Long.MIN_VALUE;

    RedisLedger(RedisLink redis, InstantSource clock) {
        this(redis, clock, Optional.empty());
    }

    /// @param clock for the pause after a silence
    /// @param counting the time of buckets and days, instead of the clock of Redis; for tests
    RedisLedger(RedisLink redis, InstantSource clock, Optional<InstantSource> counting) {
        this.redis = redis;
        this.clock = clock;
        this.counting = counting;
    }

    private static String script() {
        try (InputStream in = RedisLedger.class.getResourceAsStream("admission.lua")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<Verdict> take(Demand demand) {
        if (clock.millis() < silentUntil) {
            return CompletableFuture.failedStage(new LedgerAway());
        }
        return this.<List<Object>>run(ScriptOutputType.MULTI, demand, ScriptCall.take(demand, now()))
                .handle((reply, failure) -> {
                    if (failure != null) {
                        silentUntil = clock.millis() + PAUSE_MILLIS;
                        // It may have been taken all the same, by a command that is still on its way.
                        settle(demand, Used.NOTHING);
                        throw new LedgerAway();
                    }
                    return verdict(demand, reply);
                });
    }

    @Override
    public void settle(Demand demand, Used used) {
        var _ = this.<Long>run(ScriptOutputType.INTEGER, demand, ScriptCall.settle(demand, now(), used))
                .exceptionally(_ -> 0L);
    }

    private String now() {
        return counting.map(source -> Long.toString(source.millis())).orElse(CLOCK_OF_REDIS);
    }

    private <T> CompletionStage<T> run(ScriptOutputType output, Demand demand, String[] arguments) {
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (open.isEmpty()) {
            return CompletableFuture.failedStage(new LedgerAway());
        }
        String[] keys = ScriptCall.keys(demand);
        try {
            RedisAsyncCommands<String, String> commands = open.get().async();
            return commands.<T>evalsha(digest(commands), output, keys, arguments)
                    .exceptionallyCompose(failure -> isUnknown(failure)
                            ? commands.eval(SCRIPT, output, keys, arguments)
                            : CompletableFuture.failedStage(failure));
        } catch (RuntimeException e) {
            // Refused by the client itself, for instance while it is disconnected.
            return CompletableFuture.failedStage(e);
        }
    }

    private String digest(RedisAsyncCommands<String, String> commands) {
        if (digest.isEmpty()) {
            digest = commands.digest(SCRIPT);
        }
        return digest;
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    private static Verdict verdict(Demand demand, List<Object> reply) {
        List<Meter> meters = demand.meters();
        List<Standing> standings = new ArrayList<>(meters.size());
        for (int i = 0; i < meters.size(); i++) {
            standings.add(new Standing(meters.get(i), number(reply, HEAD + 2 * i), number(reply, HEAD + 2 * i + 1)));
        }
        int refusing = (int) number(reply, 1);
        return new Verdict(
                refusing == 0 ? Optional.empty() : Optional.of(meters.get(refusing - 1)), number(reply, 2), standings);
    }

    private static long number(List<Object> reply, int index) {
        return (Long) reply.get(index);
    }
}

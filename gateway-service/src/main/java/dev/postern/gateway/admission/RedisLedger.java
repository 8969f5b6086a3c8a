package dev.postern.gateway.admission;

import dev.postern.gateway.admission.Verdict.Standing;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The ledger that all replicas share: one call of `admission.lua`, where the guarantees are written down.
///
/// A Redis that does not answer within `postern.redis.timeout` is away. After a silence it is left alone for a moment,
/// so that not every request waits for it.
final class RedisLedger implements Ledger {
    private static final String CLOCK_OF_REDIS = "0";
    private static final int HEAD = 3;
    private static final long PAUSE_MILLIS = 500;

    private final RedisScript script;
    private final InstantSource clock;
    private final Optional<InstantSource> counting;
    private volatile long silentUntil = Long.MIN_VALUE;

    RedisLedger(RedisLink redis, InstantSource clock) {
        this(redis, clock, Optional.empty());
    }

    /// @param clock for the pause after a silence
    /// @param counting the time of buckets and days, instead of the clock of Redis; for tests
    RedisLedger(RedisLink redis, InstantSource clock, Optional<InstantSource> counting) {
        this.script = new RedisScript(redis, RedisLedger.class, "admission.lua");
        this.clock = clock;
        this.counting = counting;
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
        return script.run(output, ScriptCall.keys(demand), arguments);
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

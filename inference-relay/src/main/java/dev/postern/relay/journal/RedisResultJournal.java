package dev.postern.relay.journal;

import dev.postern.redis.RedisLink;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// [ResultJournal] in Redis: `postern:effect:<hash>`, empty while the request is under way, then its sealed answer.
///
/// Non-guarantee: that an answer is kept. Over [JournalProperties#maxBytes] it is not, and who asks again is told that
/// its effect is not known. Nor is it while Redis is away.
public final class RedisResultJournal implements ResultJournal {
    private final RedisLink redis;
    private final SecureRandom random;
    private final KeptBytes kept;
    private final Counter left;

    public RedisResultJournal(
            RedisLink redis,
            SecureRandom random,
            JournalProperties properties,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.redis = redis;
        this.random = random;
        this.kept = new KeptBytes(properties.maxBytes(), nanoTime);
        Gauge.builder("postern.journal.kept", kept, KeptBytes::sum)
                .baseUnit(BaseUnits.BYTES)
                .description("Sealed answers of this replica that lie in Redis")
                .register(meters);
        this.left = Counter.builder("postern.journal.left")
                .description("Answers that were not kept because there was no room")
                .register(meters);
    }

    @Override
    public CompletionStage<Claim> claim(Effect effect, Duration life) {
        SealedResult sealed = new SealedResult(effect);
        return ask(commands ->
                        commands.set(sealed.name(), "", SetArgs.Builder.nx().px(life)))
                .thenCompose(set -> set.isPresent()
                        ? CompletableFuture.completedStage(first())
                        : ask(commands -> commands.get(sealed.name())).thenApply(found -> known(sealed, found)))
                .exceptionally(_ -> new Claim.Away());
    }

    private static Claim first() {
        return new Claim.First();
    }

    private static Claim known(SealedResult sealed, Optional<String> found) {
        return found.flatMap(sealed::open).<Claim>map(Claim.Known::new).orElseGet(Claim.Begun::new);
    }

    @Override
    public void keep(Effect effect, Result result, Duration life) {
        send(commands -> {
            // Asked before it is sealed: there is no room when there is most to do.
            if (!kept.tryKeep(SealedResult.length(result), life)) {
                left.increment();
                return;
            }
            SealedResult sealed = new SealedResult(effect);
            // Only in place of the claim: what is over, stays over.
            var _ = commands.set(
                    sealed.name(),
                    sealed.seal(result, random),
                    SetArgs.Builder.xx().px(life));
        });
    }

    @Override
    public void forget(Effect effect) {
        send(commands -> {
            var _ = commands.del(new SealedResult(effect).name());
        });
    }

    private <T> CompletionStage<Optional<T>> ask(
            Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (open.isEmpty()) {
            return CompletableFuture.failedStage(new IllegalStateException("no connection to Redis"));
        }
        try {
            return question.apply(open.get().async()).thenApply(Optional::ofNullable);
        } catch (RuntimeException e) {
            // Refused by the client itself, for instance while it is disconnected.
            return CompletableFuture.failedStage(e);
        }
    }

    private void send(Consumer<RedisAsyncCommands<String, String>> command) {
        try {
            redis.connection().filter(StatefulRedisConnection::isOpen).ifPresent(open -> command.accept(open.async()));
        } catch (RuntimeException _) {
            // Away: what was claimed stays claimed until its time is over.
        }
    }
}

package dev.postern.relay.journal;

import dev.postern.redis.RedisLink;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/// [ResultJournal] in Redis: `postern:effect:<hash>`, empty while the request is under way, then its sealed answer.
public final class RedisResultJournal implements ResultJournal {
    private final RedisLink redis;
    private final SecureRandom random;

    public RedisResultJournal(RedisLink redis, SecureRandom random) {
        this.redis = redis;
        this.random = random;
    }

    @Override
    public CompletionStage<Claim> claim(Effect effect, Duration life) {
        SealedResult sealed = new SealedResult(effect);
        return ask(commands ->
                        commands.set(sealed.name(), "", SetArgs.Builder.nx().px(life)))
                .thenCompose(set -> set.isPresent()
                        ? CompletableFuture.completedStage(first())
                        : ask(commands -> commands.get(sealed.name())).thenApply(kept -> known(sealed, kept)))
                .exceptionally(_ -> new Claim.Away());
    }

    private static Claim first() {
        return new Claim.First();
    }

    private static Claim known(SealedResult sealed, Optional<String> kept) {
        return kept.flatMap(sealed::open).<Claim>map(Claim.Known::new).orElseGet(Claim.Begun::new);
    }

    @Override
    public void keep(Effect effect, Result result, Duration life) {
        SealedResult sealed = new SealedResult(effect);
        String value = sealed.seal(result, random);
        send(commands -> {
            // Only in place of the claim: what is over, stays over.
            var _ = commands.set(sealed.name(), value, SetArgs.Builder.xx().px(life));
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
            redis.connection().ifPresent(open -> command.accept(open.async()));
        } catch (RuntimeException _) {
            // Away: what was claimed stays claimed until its time is over.
        }
    }
}

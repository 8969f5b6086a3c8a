package dev.postern.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// A script that Redis runs whole or not at all. It is sent once to each Redis, and called by its digest from then on.
/// Thread-safe; never blocks its callers.
public final class RedisScript {
    private final RedisLink redis;
    private final String script;
    private volatile String digest = "";

    /// @param beside the class in whose package the file lies
    public RedisScript(RedisLink redis, Class<?> beside, String file) {
        this.redis = redis;
        try (InputStream in = beside.getResourceAsStream(file)) {
            this.script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Never throws: a Redis that is away is a stage that failed.
    public <T> CompletionStage<T> run(ScriptOutputType output, String[] keys, String... arguments) {
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (open.isEmpty()) {
            return CompletableFuture.failedStage(new IllegalStateException("no connection to Redis"));
        }
        try {
            RedisAsyncCommands<String, String> commands = open.get().async();
            return commands.<T>evalsha(digest(commands), output, keys, arguments)
                    .exceptionallyCompose(failure -> isUnknown(failure)
                            ? commands.eval(script, output, keys, arguments)
                            : CompletableFuture.failedStage(failure));
        } catch (RuntimeException e) {
            // Refused by the client itself, for instance while it is disconnected.
            return CompletableFuture.failedStage(e);
        }
    }

    private String digest(RedisAsyncCommands<String, String> commands) {
        if (digest.isEmpty()) {
            digest = commands.digest(script);
        }
        return digest;
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }
}

package dev.postern.relay.replay;

import dev.postern.redis.RedisLink;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// [ReplayStore] in Redis: `mark.lua`, where the keys of one session share a hash tag (`postern:ssp1:{sid}:…`).
///
/// Whatever answers over another connection than the one over which the fence was taken may be a replica that has the
/// fence and lacks the last marks: its verdict on numbers is worth nothing. One that has an earlier fence of the same
/// owner lacks more. Whoever else's fence it has, ends the session, over whichever connection that is heard: of two
/// that hold one session's keys only one goes on, as long as Redis remembers.
///
/// A Redis that does not answer within `postern.redis.timeout` is away, and left alone for a moment, so that not every
/// frame waits for it.
public final class RedisReplayStore implements ReplayStore {
    /// Longer than an epoch and the grace of its keys.
    private static final Duration EPOCH_MEMORY = Duration.ofMinutes(3);
    private static final long PAUSE_MILLIS = 500;
    private static final int FENCE_BYTES = 16;
    private static final String SCRIPT = script();
    private static final Long NEW = 1L;
    private static final Long UNKNOWN = -1L;
    private static final Long OTHERS = -2L;

    private final RedisLink redis;
    private final SecureRandom random;
    private final InstantSource clock;
    private volatile String digest = "";
    private volatile long silentUntil = Long.MIN_VALUE;

    public RedisReplayStore(RedisLink redis, SecureRandom random, InstantSource clock) {
        this.redis = redis;
        this.random = random;
        this.clock = clock;
    }

    private static String script() {
        try (InputStream in = RedisReplayStore.class.getResourceAsStream("mark.lua")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Fence own(String session, Duration life) {
        return own(session, List.of(), life);
    }

    @Override
    public Fence ownAnew(String session, Fence last, Duration life) {
        return own(session, last.history(), life);
    }

    private Fence own(String session, List<String> earlier, Duration life) {
        byte[] bytes = new byte[FENCE_BYTES];
        random.nextBytes(bytes);
        // Before the command leaves: a connection made meanwhile costs an update of keys more, never one less.
        Fence fence =
                new Fence(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), redis.generation(), earlier);
        try {
            // Commands of one connection are executed in order: a mark that follows finds it.
            redis.connection().ifPresent(open -> {
                var _ = open.async()
                        .set(key(session, "fence"), fence.token(), SetArgs.Builder.px(life))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                // One that reads and does not write would seem to have forgotten, again and again.
                                silentUntil = clock.millis() + PAUSE_MILLIS;
                            }
                        });
            });
        } catch (RuntimeException _) {
            // Away: the next mark says so.
        }
        return fence;
    }

    @Override
    public CompletionStage<Verdict> mark(Marks marks) {
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (open.isEmpty() || clock.millis() < silentUntil) {
            return CompletableFuture.completedStage(new Verdict.Away());
        }
        try {
            return run(open.get().async(), marks).handle((reply, failure) -> {
                if (failure != null) {
                    silentUntil = clock.millis() + PAUSE_MILLIS;
                    return new Verdict.Away();
                }
                return verdict(reply, marks.fence());
            });
        } catch (RuntimeException _) {
            // Refused by the client itself, for instance while it is disconnected.
            return CompletableFuture.completedStage(new Verdict.Away());
        }
    }

    private CompletionStage<List<Object>> run(RedisAsyncCommands<String, String> commands, Marks marks) {
        String[] keys = {
            key(marks.session(), "fence"),
            key(marks.session(), "window:" + marks.epoch()),
            key(marks.session(), "highest:" + marks.epoch())
        };
        String[] arguments = new String[3 + marks.numbers().size()];
        arguments[0] = marks.fence().token();
        arguments[1] = Integer.toString(marks.windowBits());
        arguments[2] = Long.toString(EPOCH_MEMORY.toMillis());
        for (int i = 0; i < marks.numbers().size(); i++) {
            arguments[3 + i] = Long.toString(marks.numbers().get(i));
        }
        if (digest.isEmpty()) {
            digest = commands.digest(SCRIPT);
        }
        return commands.<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, arguments)
                .exceptionallyCompose(failure -> isUnknown(failure)
                        ? commands.eval(SCRIPT, ScriptOutputType.MULTI, keys, arguments)
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    private Verdict verdict(List<Object> reply, Fence fence) {
        if (reply.getFirst().equals(UNKNOWN)) {
            return new Verdict.Forgotten();
        }
        if (reply.getFirst().equals(OTHERS)) {
            // One of our own from before: a replica that took over and lagged behind, or a fence that never arrived.
            return reply.size() > 1 && fence.earlier().contains(reply.get(1))
                    ? new Verdict.Forgotten()
                    : new Verdict.Fenced();
        }
        return fence.taken() == redis.generation()
                ? new Verdict.Marked(reply.stream().map(NEW::equals).toList())
                : new Verdict.Forgotten();
    }

    private static String key(String session, String name) {
        return "postern:ssp1:{" + session + "}:" + name;
    }
}

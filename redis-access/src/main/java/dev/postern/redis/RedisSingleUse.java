package dev.postern.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// [SingleUse] by Redis `SET NX PX`. Thread-safe; never blocks its callers. While Redis is away every claim is
/// `UNAVAILABLE` at once.
public final class RedisSingleUse implements SingleUse {
    private final RedisLink redis;

    public RedisSingleUse(RedisLink redis) {
        this.redis = redis;
    }

    @Override
    public CompletionStage<Use> claim(String name, Duration life) {
        Optional<StatefulRedisConnection<String, String>> open = redis.connection();
        if (open.isEmpty()) {
            return CompletableFuture.completedStage(Use.UNAVAILABLE);
        }
        try {
            return open.get()
                    .async()
                    .set(name, "1", SetArgs.Builder.nx().px(life))
                    .handle((reply, failure) -> {
                        if (failure != null) {
                            return Use.UNAVAILABLE;
                        }
                        return reply == null ? Use.SEEN : Use.FIRST;
                    });
        } catch (RuntimeException _) {
            // Refused by the client itself, for instance while it is disconnected.
            return CompletableFuture.completedStage(Use.UNAVAILABLE);
        }
    }
}

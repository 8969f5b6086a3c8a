package dev.postern.relay.store;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [SingleUse] by Redis `SET NX PX`. Thread-safe; never blocks its callers.
///
/// While Redis is away every claim is `UNAVAILABLE` at once: nothing is queued for later, when nobody waits any
/// more.
public final class RedisSingleUse implements SingleUse, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSingleUse.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private final ScheduledExecutorService scheduler;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean closed;

    private RedisSingleUse(RedisProperties properties, ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(PAUSE))
                .build();
        this.client = RedisClient.create(resources);
        this.client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(properties.timeout()))
                .build());
        this.address = RedisURI.builder()
                .withHost(properties.host())
                .withPort(properties.port())
                .withTimeout(properties.timeout())
                .withAuthentication(RedisCredentialsProvider.from(
                        () -> RedisCredentials.just(null, read(properties.passwordFile()))))
                .build();
    }

    /// Starts connecting; claims are `UNAVAILABLE` until that is done.
    public static RedisSingleUse open(RedisProperties properties, ScheduledExecutorService scheduler) {
        RedisSingleUse store = new RedisSingleUse(properties, scheduler);
        store.connect();
        return store;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        var _ = client.connectAsync(StringCodec.ASCII, address).whenComplete((opened, failure) -> {
            if (failure == null) {
                connection = opened;
                if (closed) {
                    var _ = opened.closeAsync();
                }
                return;
            }
            LOG.warn("Redis cannot be reached: {}", failure.getClass().getSimpleName());
            try {
                var _ = scheduler.schedule(this::connect, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException _) {
                // Closing.
            }
        });
    }

    @Override
    public CompletionStage<Use> claim(String name, Duration life) {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            return CompletableFuture.completedStage(Use.UNAVAILABLE);
        }
        try {
            return open.async().set(name, "1", SetArgs.Builder.nx().px(life)).handle((reply, failure) -> {
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

    /// Whether Redis answers now; for readiness.
    public CompletionStage<Boolean> isReachable() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null || !open.isOpen()) {
            return CompletableFuture.completedStage(false);
        }
        return open.async().ping().handle((_, failure) -> failure == null);
    }

    @Override
    public void close() {
        closed = true;
        var _ = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
        var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}

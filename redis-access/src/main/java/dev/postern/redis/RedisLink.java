package dev.postern.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process' way to Redis. Thread-safe; never blocks its callers.
///
/// While Redis is away there is no connection, or its commands fail at once: nothing is queued for later, when nobody
/// waits any more.
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("redis-link").factory());
    private final AtomicLong generation = new AtomicLong();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean reported;
    private volatile boolean closed;

    private RedisLink(RedisSettings settings) {
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(PAUSE))
                .build();
        this.client = RedisClient.create(resources);
        this.client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .build());
        this.address = RedisURI.builder()
                .withHost(settings.host())
                .withPort(settings.port())
                .withSsl(settings.tls())
                .withTimeout(settings.timeout())
                .withAuthentication(
                        RedisCredentialsProvider.from(() -> RedisCredentials.just(null, read(settings.passwordFile()))))
                .build();
    }

    /// Starts connecting and returns at once.
    public static RedisLink open(RedisSettings settings) {
        RedisLink link = new RedisLink(settings);
        link.connect();
        return link;
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
        var _ = attempt().whenComplete((opened, failure) -> {
            if (failure == null) {
                connected(opened);
            } else {
                again(failure);
            }
        });
    }

    /// Never throws: a password that cannot be read yet is a Redis that cannot be reached yet.
    private CompletableFuture<StatefulRedisConnection<String, String>> attempt() {
        try {
            return client.connectAsync(StringCodec.UTF8, address).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void connected(StatefulRedisConnection<String, String> opened) {
        opened.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
                generation.incrementAndGet();
            }
        });
        connection = opened;
        if (reported) {
            LOG.info("Redis is reachable again");
        }
        if (closed) {
            var _ = opened.closeAsync();
        }
    }

    private void again(Throwable failure) {
        if (!reported) {
            reported = true;
            LOG.warn("Redis cannot be reached: {}", failure.getClass().getSimpleName());
        }
        try {
            var _ = scheduler.schedule(this::connect, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // Closing.
        }
    }

    /// The shared connection; empty before the first success. Its asynchronous commands may throw at once or fail.
    /// Nobody blocks on it or subscribes with it: see [#dedicated].
    public Optional<StatefulRedisConnection<String, String>> connection() {
        return Optional.ofNullable(connection);
    }

    /// Changes whenever the shared connection is made anew: what answers from then on may be another Redis than before,
    /// or one that has forgotten. An answer that arrives over the new connection finds the new number.
    ///
    /// Non-guarantee: a proxy that keeps this connection while it exchanges the Redis behind it is not noticed.
    public long generation() {
        return generation.get();
    }

    /// A connection of the caller's own, for commands that wait. The caller closes it.
    public CompletableFuture<StatefulRedisConnection<String, String>> dedicated() {
        return attempt();
    }

    /// Whether Redis answers now; for readiness. Never fails.
    public CompletionStage<Boolean> isReachable() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null || !open.isOpen()) {
            return CompletableFuture.completedStage(false);
        }
        try {
            return open.async().ping().handle((_, failure) -> failure == null);
        } catch (RuntimeException _) {
            return CompletableFuture.completedStage(false);
        }
    }

    @Override
    public void close() {
        closed = true;
        scheduler.shutdownNow();
        var _ = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
        var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}

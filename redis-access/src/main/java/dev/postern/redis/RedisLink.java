package dev.postern.redis;

import dev.postern.identity.WorkloadIdentity;
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
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process' way to Redis. Thread-safe; never blocks its callers.
///
/// While Redis is away there is no connection, or its commands fail at once: nothing is queued for later, when nobody
/// waits any more.
///
/// Encrypted, when the settings say so, with the certificate of this workload. At each renewal the shared connection is
/// replaced by one under the new certificate, and no command fails; connections of callers of their own are broken
/// afterwards and come back by themselves; meanwhile, for milliseconds, their commands are refused.
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private final Duration timeout;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("redis-link").factory());
    private final AtomicLong generation = new AtomicLong();
    private final AtomicLong renewals = new AtomicLong();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean reported;
    private volatile boolean closed;

    private RedisLink(RedisSettings settings, Optional<RedisTls> tls) {
        ClientResources.Builder resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.exponential(Duration.ZERO, PAUSE, 2, TimeUnit.MILLISECONDS));
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()));
        tls.ifPresent(secured -> {
            resources.nettyCustomizer(secured);
            options.sslOptions(secured.options());
        });
        this.resources = resources.build();
        this.client = RedisClient.create(this.resources);
        this.client.setOptions(options.build());
        this.timeout = settings.timeout();
        this.address = RedisURI.builder()
                .withHost(settings.host())
                .withPort(settings.port())
                .withSsl(tls.isPresent())
                .withTimeout(settings.timeout())
                .withAuthentication(
                        RedisCredentialsProvider.from(() -> RedisCredentials.just(null, read(settings.passwordFile()))))
                .build();
    }

    /// Starts connecting, without encryption, and returns at once.
    public static RedisLink open(RedisSettings settings) {
        if (settings.tls().isPresent()) {
            throw new IllegalArgumentException("TLS to Redis takes the identity of this workload");
        }
        RedisLink link = new RedisLink(settings, Optional.empty());
        link.connect();
        return link;
    }

    /// Starts connecting, encrypted if the settings say so, and returns at once.
    public static RedisLink open(RedisSettings settings, WorkloadIdentity identity) {
        if (settings.tls().isEmpty()) {
            return open(settings);
        }
        RedisTls tls = new RedisTls(settings.tls().get(), identity);
        RedisLink link = new RedisLink(settings, Optional.of(tls));
        identity.onChange(_ -> link.renew(tls.endOfPresent(), link.renewals.incrementAndGet()));
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

    /// Replaces the shared connection, then breaks what else began under the certificate of before: what is connected
    /// anew shows the new one. Given up when the next renewal has begun, which breaks all that this one would.
    private void renew(Runnable endOfOthers, long renewal) {
        if (closed || renewal != renewals.get()) {
            return;
        }
        var _ = attempt().whenComplete((opened, failure) -> {
            if (failure != null) {
                later(PAUSE, () -> renew(endOfOthers, renewal));
            } else if (renewal == renewals.get()) {
                connected(opened);
                later(timeout, endOfOthers);
            } else {
                var _ = opened.closeAsync();
            }
        });
    }

    private synchronized void connected(StatefulRedisConnection<String, String> opened) {
        opened.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress address) {
                generation.incrementAndGet();
            }
        });
        StatefulRedisConnection<String, String> last = connection;
        if (last != null) {
            // Before it is seen: who asks over the new one finds the new number.
            generation.incrementAndGet();
            // What was asked over the last one is answered, or has timed out, by then.
            later(timeout, () -> {
                var _ = last.closeAsync();
            });
        }
        connection = opened;
        if (last != null) {
            // And who took the new number and then the last connection finds another one.
            generation.incrementAndGet();
        }
        if (reported) {
            reported = false;
            LOG.info("Redis is reachable again");
        }
        if (closed) {
            var _ = opened.closeAsync();
        }
    }

    private void again(Throwable failure) {
        if (!reported) {
            reported = true;
            LOG.warn("Redis cannot be reached: {}", reason(failure));
        }
        later(PAUSE, this::connect);
    }

    /// What TLS objects to is said: nobody else tells why a certificate is not believed.
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException refused) {
                return refused.getClass().getSimpleName() + ", " + refused.getMessage();
            }
        }
        return failure.getClass().getSimpleName();
    }

    private void later(Duration pause, Runnable task) {
        try {
            var _ = scheduler.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
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

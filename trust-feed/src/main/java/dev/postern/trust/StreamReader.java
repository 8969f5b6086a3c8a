package dev.postern.trust;

import dev.postern.redis.RedisLink;
import dev.postern.trust.FeedRefused.Reason;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one feed's stream from Redis to its [FeedReader], on a thread and a connection of its own: `XREAD` blocks.
///
/// Any failure ends the connection; the next one starts where the reader is.
final class StreamReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
    /// Below the timeout of a command.
    private static final Duration BLOCK = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 100;
    private static final int BATCH = 64;

    /// Reads the snapshot from elsewhere, when the one in Redis does not help.
    @FunctionalInterface
    interface Fallback {
        void read() throws InterruptedException;
    }

    private final RedisLink redis;
    private final FeedRedis feed;
    private final FeedReader reader;
    private final Fallback fallback;
    private final Thread thread;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean closed;

    StreamReader(RedisLink redis, URI publisher, FeedReader reader, Fallback fallback) {
        this.redis = redis;
        this.feed = new FeedRedis(publisher);
        this.reader = reader;
        this.fallback = fallback;
        String path = publisher.getPath();
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("trust-feed-" + path.substring(path.lastIndexOf('/') + 1))
                .unstarted(this::readUntilClosed);
    }

    void start() {
        thread.start();
    }

    private void readUntilClosed() {
        try {
            while (!closed) {
                try {
                    read();
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    LOG.debug("the stream of the trust feed cannot be read", e);
                    reader.count(Reason.UNREACHABLE);
                    disconnect();
                    pause();
                }
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        } finally {
            disconnect();
        }
    }

    @SuppressWarnings("unchecked") // a generic array of one
    private void read() throws InterruptedException, ExecutionException, TimeoutException {
        StatefulRedisConnection<String, String> open = connected();
        if (reader.isLost()) {
            findPlace(open);
        }
        List<StreamMessage<String, String>> messages = get(open.async()
                .xread(
                        XReadArgs.Builder.block(BLOCK).count(BATCH),
                        StreamOffset.from(feed.stream(), reader.position().toString())));
        if (messages != null) {
            take(messages);
        }
    }

    private void take(List<StreamMessage<String, String>> messages) throws InterruptedException {
        boolean strange = false;
        for (StreamMessage<String, String> message : messages) {
            String signed = message.getBody().get(FeedRedis.FIELD);
            try {
                reader.entry(signed == null ? "" : signed);
            } catch (FeedRefused refused) {
                if (refused.reason() == Reason.GAP) {
                    return;
                }
                // Nobody but the publisher writes here. What follows either is the next entry or shows the gap.
                strange = true;
            }
        }
        if (strange) {
            // The last good place is before it, so it will be met again.
            pause();
        }
    }

    private void findPlace(StatefulRedisConnection<String, String> open)
            throws InterruptedException, ExecutionException, TimeoutException {
        String stored = get(feed.getSnapshot(open));
        if (stored != null) {
            try {
                reader.storedSnapshot(stored);
            } catch (FeedRefused _) {
                // Counted. There is another source.
            }
        }
        if (reader.isLost()) {
            fallback.read();
        }
        if (reader.isLost()) {
            pause();
        }
    }

    private StatefulRedisConnection<String, String> connected()
            throws InterruptedException, ExecutionException, TimeoutException {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = get(redis.dedicated());
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        StatefulRedisConnection<String, String> open = connection;
        connection = null;
        if (open != null) {
            var _ = open.closeAsync();
        }
    }

    private static <T> T get(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

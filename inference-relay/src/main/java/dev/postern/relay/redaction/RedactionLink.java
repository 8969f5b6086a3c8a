package dev.postern.relay.redaction;

import dev.postern.chassis.tls.CertifiedSslContext;
import dev.postern.identity.CertifiedConnections;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redaction.v1.RedactionGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The long-lived stream to the redaction service, over mTLS with the live identity. Thread-safe.
///
/// Guarantees: it talks to the expected workload only; when the stream breaks, every open exchange is told and
/// the link connects again with back-off; while there is no stream nothing is queued and [#begin] gives
/// nothing, so that a request fails at once instead of waiting. When either end has a new certificate, the link moves
/// to a new connection: what has begun goes on over the old one, which closes when the last of it has ended, and in any
/// case before its certificates run out. A connection that cannot even be made is tried again as one that broke is.
///
/// All that decides about streams is done on the scheduler, which has one thread.
public final class RedactionLink implements AutoCloseable, RedactionStream.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(RedactionLink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    // A prompt is at most 4 MiB; its redacted form may be longer.
    private static final int MAX_MESSAGE = 24 << 20;
    private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private final Supplier<ManagedChannel> channels;
    private final CertifiedConnections connections;
    /// The latest, and those before it that have not ended.
    private final Set<ManagedChannel> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final RedactionProperties properties;
    private final LongSupplier nanoTime;
    private final BatchMeters promptMeters;
    private final BatchMeters answerMeters;
    /// Where exchanges begin.
    private volatile @Nullable RedactionStream current;
    /// The last that was started; it becomes the current one when it is ready.
    private volatile @Nullable RedactionStream latest;
    private volatile boolean closed;
    private Duration pause = FIRST_PAUSE;
    private @Nullable Future<?> nextAttempt;

    private RedactionLink(
            Supplier<ManagedChannel> channels,
            CertifiedConnections connections,
            RedactionProperties properties,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.channels = channels;
        this.connections = connections;
        this.properties = properties;
        this.scheduler = scheduler;
        this.random = random;
        this.nanoTime = nanoTime;
        this.promptMeters = new BatchMeters(meters, "prompt");
        this.answerMeters = new BatchMeters(meters, "answer");
    }

    /// Opens the link and starts connecting; it is not ready yet when this returns.
    ///
    /// @param service the SPIFFE id the server's certificate must carry
    /// @throws IllegalArgumentException for an address that can be none
    public static RedactionLink open(
            RedactionProperties properties,
            URI service,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        return open(channels(properties, service, identity), properties, identity, scheduler, random, meters, nanoTime);
    }

    static Supplier<ManagedChannel> channels(RedactionProperties properties, URI service, WorkloadIdentity identity) {
        SslContext tls = CertifiedSslContext.client(identity, service, HTTP_2);
        return () -> NettyChannelBuilder.forAddress(properties.host(), properties.port())
                .sslContext(tls)
                // Replies are only handed over to event loops.
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE)
                .build();
    }

    static RedactionLink open(
            Supplier<ManagedChannel> channels,
            RedactionProperties properties,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        RedactionLink link =
                new RedactionLink(channels, identity.connections(), properties, scheduler, random, meters, nanoTime);
        // Here, where whoever starts this process hears what is wrong with it.
        ManagedChannel first = channels.get();
        link.onScheduler(() -> link.start(first));
        identity.onChange(_ -> link.onScheduler(link::startAnew));
        return link;
    }

    /// A new exchange, or nothing while redaction cannot be reached.
    public Optional<RedactionExchange> begin(Executor loop, RedactionListener listener) {
        RedactionStream seen = null;
        // Once more when the stream has been replaced since it was looked at.
        for (RedactionStream stream = current; stream != null && stream != seen; stream = current) {
            RedactionExchange exchange = stream.isReady() ? stream.begin(loop, listener) : null;
            if (exchange != null) {
                return Optional.of(exchange);
            }
            seen = stream;
        }
        return Optional.empty();
    }

    public boolean isReady() {
        RedactionStream stream = current;
        return stream != null && stream.isReady();
    }

    /// Moves to a new connection: at the renewal of either end's certificate, and when a stream is over.
    private void startAnew() {
        if (!closed) {
            start(channels.get());
        }
    }

    private void start(ManagedChannel channel) {
        open.removeIf(ManagedChannel::isTerminated);
        // Those before take no new calls, and end with the last that they have.
        open.forEach(ManagedChannel::shutdown);
        open.add(channel);
        RedactionStream stream =
                new RedactionStream(this, lane(promptMeters), lane(answerMeters), properties.timeout(), nanoTime);
        latest = stream;
        try {
            var _ = RedactionGrpc.newStub(channel)
                    .withInterceptors(new CertifiedCalls(connections, stream::abandon))
                    .exchange(stream);
        } catch (RuntimeException _) {
            stream.abandon("not started");
        }
        if (closed) {
            channel.shutdownNow();
        }
    }

    private void onScheduler(Runnable step) {
        try {
            scheduler.execute(() -> guarded(step));
        } catch (RejectedExecutionException _) {
            // Closing.
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("a step of the link to redaction failed; a new stream is started soon", e);
            startLater();
        }
    }

    /// Each stream begins with the smallest batches: nobody knows what the service can do now.
    private Lane lane(BatchMeters meters) {
        return new Lane(properties.batch().control(), meters, properties.maxWaitingBytes());
    }

    @Override
    public void ready(RedactionStream stream) {
        onScheduler(() -> {
            if (stream != latest || !stream.isReady()) {
                // Another was started meanwhile.
                stream.retire();
                return;
            }
            RedactionStream before = current;
            current = stream;
            if (before != null && before != stream) {
                before.retire();
            }
        });
    }

    @Override
    public void asksToMove(RedactionStream stream) {
        onScheduler(() -> {
            if (stream == latest) {
                startAnew();
            }
        });
    }

    @Override
    public void ended(RedactionStream stream) {
        onScheduler(() -> follow(stream));
    }

    /// By another connection: on one whose certificate is denied, every call would end like this one.
    private void follow(RedactionStream stream) {
        if (stream != latest || closed) {
            return;
        }
        if (stream.wasWell(properties.longestPause())) {
            pause = FIRST_PAUSE;
        }
        startLater();
    }

    /// After a pause that grows, unless another stream is started before.
    private void startLater() {
        RedactionStream last = latest;
        Duration wait = pause;
        Duration doubled = wait.multipliedBy(2);
        pause = doubled.compareTo(properties.longestPause()) < 0 ? doubled : properties.longestPause();
        long jittered = wait.toMillis() / 2 + random.nextLong(wait.toMillis() / 2 + 1);
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
        }
        try {
            nextAttempt = scheduler.schedule(
                    () -> guarded(() -> {
                        if (last == latest) {
                            startAnew();
                        }
                    }),
                    jittered,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // Closing.
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(ManagedChannel::shutdownNow);
    }
}

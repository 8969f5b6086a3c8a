package dev.postern.relay.redaction;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.redaction.v1.RedactionGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The long-lived stream to the redaction service, over mTLS with the live identity. Thread-safe.
///
/// Guarantees: it talks to the expected workload only; when the stream breaks, every open exchange is told and
/// the link connects again with back-off; while there is no stream nothing is queued and [#begin] gives
/// nothing, so that a request fails at once instead of waiting.
public final class RedactionLink implements AutoCloseable, RedactionStream.Owner {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    // A prompt is at most 4 MiB; its redacted form may be longer.
    private static final int MAX_MESSAGE = 24 << 20;

    private final ManagedChannel channel;
    private final RedactionGrpc.RedactionStub stub;
    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final RedactionProperties properties;
    private final LongSupplier nanoTime;
    private final BatchMeters promptMeters;
    private final BatchMeters answerMeters;
    private volatile @Nullable RedactionStream current;
    private volatile boolean closed;
    private volatile Duration pause = FIRST_PAUSE;

    private RedactionLink(
            ManagedChannel channel,
            RedactionProperties properties,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.channel = channel;
        this.properties = properties;
        this.scheduler = scheduler;
        this.random = random;
        this.nanoTime = nanoTime;
        this.promptMeters = new BatchMeters(meters, "prompt");
        this.answerMeters = new BatchMeters(meters, "answer");
        this.stub = RedactionGrpc.newStub(channel);
    }

    /// Opens the link and starts connecting; it is not ready yet when this returns.
    ///
    /// @param service the SPIFFE id the server's certificate must carry
    public static RedactionLink open(
            RedactionProperties properties,
            URI service,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        properties.host(),
                        properties.port(),
                        TlsChannelCredentials.newBuilder()
                                .keyManager(identity.keyManager())
                                .trustManager(identity.trustManager(service))
                                .build())
                // Replies are only handed over to event loops.
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE)
                .build();
        RedactionLink link = new RedactionLink(channel, properties, scheduler, random, meters, nanoTime);
        link.connect();
        return link;
    }

    /// A new exchange, or nothing while redaction cannot be reached.
    public Optional<RedactionExchange> begin(Executor loop, RedactionListener listener) {
        RedactionStream stream = current;
        return stream == null || !stream.isReady()
                ? Optional.empty()
                : Optional.ofNullable(stream.begin(loop, listener));
    }

    public boolean isReady() {
        RedactionStream stream = current;
        return stream != null && stream.isReady();
    }

    private void connect() {
        if (closed) {
            return;
        }
        // The channel has a back-off of its own, far longer than ours.
        channel.resetConnectBackoff();
        RedactionStream stream =
                new RedactionStream(this, lane(promptMeters), lane(answerMeters), properties.timeout(), nanoTime);
        current = stream;
        try {
            var _ = stub.exchange(stream);
        } catch (RuntimeException _) {
            stream.abandon("not started");
        }
    }

    /// Each stream begins with the smallest batches: nobody knows what the service can do now.
    private Lane lane(BatchMeters meters) {
        return new Lane(properties.batch().control(), meters, properties.maxWaitingBytes());
    }

    @Override
    public void ready(RedactionStream stream) {
        pause = FIRST_PAUSE;
    }

    @Override
    public void ended(RedactionStream stream) {
        Duration wait = pause;
        Duration doubled = wait.multipliedBy(2);
        pause = doubled.compareTo(properties.longestPause()) < 0 ? doubled : properties.longestPause();
        if (closed) {
            return;
        }
        try {
            long jittered = wait.toMillis() / 2 + random.nextLong(wait.toMillis() / 2 + 1);
            var _ = scheduler.schedule(this::connect, jittered, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // Closing.
        }
    }

    @Override
    public void close() {
        closed = true;
        channel.shutdownNow();
    }
}

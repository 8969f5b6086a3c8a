package dev.postern.relay.redaction;

import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One life of the gRPC stream. Thread-safe, without locks.
///
/// Items that arrive while a batch is being sent go with the next one; when nothing is being sent an item
/// leaves at once. The queue is bounded by what its users may have in flight: one prompt or a few answers per
/// exchange.
final class RedactionStream implements ClientResponseObserver<RequestBatch, ReplyBatch> {
    static final int MAX_BATCH_BYTES = 1 << 20;
    private static final int MAX_BATCH_ITEMS = 64;
    private static final int PATIENCE = 3;

    /// Told about the stream's life, from any thread.
    interface Owner {
        void ready(RedactionStream stream);

        void ended(RedactionStream stream);
    }

    private final Owner owner;
    private final Map<Long, RedactionExchange> exchanges = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Queue<Request> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sending = new AtomicInteger();
    private final AtomicInteger silences = new AtomicInteger();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean dead;
    private volatile @Nullable ClientCallStreamObserver<RequestBatch> call;

    RedactionStream(Owner owner) {
        this.owner = owner;
    }

    boolean isReady() {
        return ready.get() && !dead;
    }

    @Nullable
    RedactionExchange begin(Executor loop, RedactionListener listener) {
        long id = ids.incrementAndGet();
        RedactionExchange exchange = new RedactionExchange(id, this, loop, listener);
        exchanges.put(id, exchange);
        // After the put: an end that comes later finds the exchange and reports it lost.
        if (dead && exchanges.remove(id) != null) {
            return null;
        }
        return exchange;
    }

    boolean forget(long id) {
        return exchanges.remove(id) != null;
    }

    void silent() {
        if (silences.incrementAndGet() >= PATIENCE) {
            abandon("no answer");
        }
    }

    /// Gives the stream up: nothing more is begun or sent on it, and everybody on it is told.
    void abandon(String reason) {
        dead = true;
        try {
            ClientCallStreamObserver<RequestBatch> running = call;
            if (running != null) {
                running.cancel(reason, null);
            }
        } finally {
            end();
        }
    }

    void send(Request item) {
        if (dead) {
            return;
        }
        queue.add(item);
        if (sending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            sendQueued();
            seen = sending.addAndGet(-seen);
        } while (seen != 0);
    }

    private void sendQueued() {
        ClientCallStreamObserver<RequestBatch> running = call;
        while (!queue.isEmpty()) {
            RequestBatch.Builder batch = RequestBatch.newBuilder();
            int bytes = 0;
            Request next;
            while (batch.getItemsCount() < MAX_BATCH_ITEMS
                    && bytes < MAX_BATCH_BYTES
                    && (next = queue.poll()) != null) {
                batch.addItems(next);
                bytes += next.getSerializedSize();
            }
            if (running != null && !dead) {
                write(running, batch.build());
            }
        }
    }

    private void write(ClientCallStreamObserver<RequestBatch> running, RequestBatch batch) {
        try {
            running.onNext(batch);
        } catch (RuntimeException _) {
            // The call was cancelled meanwhile: its users hear that it is lost, not that a send failed.
            abandon("not writable");
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RequestBatch> starting) {
        call = starting;
        starting.setOnReadyHandler(() -> {
            if (ready.compareAndSet(false, true)) {
                owner.ready(this);
            }
        });
    }

    @Override
    public void onNext(ReplyBatch batch) {
        silences.set(0);
        for (Reply reply : batch.getItemsList()) {
            RedactionExchange exchange = exchanges.get(reply.getExchange());
            if (exchange != null) {
                exchange.deliver(reply);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
    }

    private void end() {
        dead = true;
        for (Long id : List.copyOf(exchanges.keySet())) {
            RedactionExchange exchange = exchanges.remove(id);
            if (exchange != null) {
                exchange.lost();
            }
        }
        if (told.compareAndSet(false, true)) {
            owner.ended(this);
        }
    }
}

package dev.postern.relay.redaction;

import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of the gRPC stream. Thread-safe, without locks: whatever is to be done is put in a queue, and whoever finds
/// nobody at work does all of it ([#act]).
///
/// Prompts and answers travel in lanes of their own, because a prompt takes a hundred times as long as an event and a
/// batch is answered as a whole: no live stream waits for more than the prompts that are with the service already, and
/// no prompt for more than two batches of events. What order the contract asks for is that within an exchange, whose
/// answers follow the reply to its prompt.
///
/// Guarantee: what waits here is bounded in bytes, for each lane; what is with the service, by two batches of each
/// lane; and what gRPC holds to be sent, by one batch more than it wants. What is over is refused as
/// [RedactionRefusal#OVERLOADED].
///
/// The service owes each item a reply, and a batch holds its place until it is whole, whoever still waits for it. So a
/// service that owes one for good must not be waited for: the stream is given up when several waited for it in vain and
/// it answered nobody, or when it has had a batch for several times as long as anybody waits.
final class RedactionStream implements ClientResponseObserver<RequestBatch, ReplyBatch> {
    private static final Logger LOG = LoggerFactory.getLogger(RedactionStream.class);
    private static final int PATIENCE = 3;

    /// Told about the stream's life, from any thread.
    interface Owner {
        void ready(RedactionStream stream);

        /// The service has a new certificate: what begins from now on had better begin on a new connection.
        void asksToMove(RedactionStream stream);

        void ended(RedactionStream stream);
    }

    private final Owner owner;
    private final LongSupplier nanoTime;
    private final Lane prompts;
    private final Lane answers;
    private final Map<Long, RedactionExchange> exchanges = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger toDo = new AtomicInteger();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private final long patience;
    private int silences;
    private long lastReply;
    private long lastEnd;
    private final long born;
    private volatile boolean answered;
    private volatile boolean dead;
    private volatile boolean retired;
    private volatile boolean finished;
    private volatile @Nullable ClientCallStreamObserver<RequestBatch> call;

    /// @param timeout how long users wait for a reply
    RedactionStream(Owner owner, Lane prompts, Lane answers, Duration timeout, LongSupplier nanoTime) {
        this.owner = owner;
        this.prompts = prompts;
        this.answers = answers;
        this.patience = timeout.multipliedBy(PATIENCE).toNanos();
        this.nanoTime = nanoTime;
        this.born = nanoTime.getAsLong();
        this.lastReply = nanoTime.getAsLong();
        this.lastEnd = lastReply;
    }

    boolean isReady() {
        return ready.get() && !dead;
    }

    @Nullable
    RedactionExchange begin(Executor loop, RedactionListener listener) {
        long id = ids.incrementAndGet();
        RedactionExchange exchange = new RedactionExchange(id, this, loop, listener);
        exchanges.put(id, exchange);
        // After the put: an end that comes later finds the exchange and reports it lost, or does not come yet.
        if ((dead || finished) && exchanges.remove(id) != null) {
            return null;
        }
        return exchange;
    }

    /// Whether it was there.
    boolean forget(RedactionExchange exchange) {
        if (exchanges.remove(exchange.id()) == null) {
            return false;
        }
        exchange.forgotten();
        return true;
    }

    /// Whether the service has answered on it, or let it live for so long.
    boolean wasWell(Duration life) {
        return answered || nanoTime.getAsLong() - born > life.toNanos();
    }

    /// Ends in good order once nothing is under way.
    void retire() {
        retired = true;
        act(() -> {});
    }

    private void finishIfDrained(ClientCallStreamObserver<RequestBatch> running) {
        if (!retired || finished || dead || !exchanges.isEmpty()) {
            return;
        }
        finished = true;
        // Somebody may have begun in between: either it saw that this is finished, or it is seen here.
        if (exchanges.isEmpty()) {
            running.onCompleted();
        } else {
            finished = false;
        }
    }

    /// Somebody waited for a reply for as long as may be. That is the service's silence only if it had the item and has
    /// answered nobody since: an item that never left waited for the others here.
    void waitedInVain(RedactionExchange exchange) {
        act(() -> {
            boolean silent = owing(exchange.id())
                    .filter(batch -> batch.sentAt() - lastReply >= 0)
                    .isPresent();
            if (silent && ++silences >= PATIENCE) {
                abandon("no answer");
            }
        });
    }

    private Optional<Batch> owing(long exchange) {
        // An exchange's answers follow the reply to its prompt.
        return prompts.owing(exchange).or(() -> answers.owing(exchange));
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

    void send(RedactionExchange exchange, Request request) {
        if (dead) {
            return;
        }
        Lane lane = request.hasPrompt() ? prompts : answers;
        Lane.Item item = new Lane.Item(exchange, request, request.getSerializedSize());
        if (lane.reserve(item.bytes())) {
            act(() -> lane.add(item));
        } else {
            exchange.refused(RedactionRefusal.OVERLOADED);
        }
    }

    /// Tells the service to forget an exchange that it knows.
    void sendCancel(RedactionExchange exchange, Request cancel) {
        // Without asking for room: it frees some.
        act(() -> {
            if (exchange.wasSent()) {
                answers.add(new Lane.Item(exchange, cancel, 0));
            }
        });
    }

    /// Does `step` and then sends what may be sent; by whoever is at it already, if anybody is.
    void act(Runnable step) {
        steps.add(step);
        if (toDo.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            // As many as are counted: the others come with the next round, so that sending is not put off for ever.
            for (int i = 0; i < seen; i++) {
                guarded(Objects.requireNonNull(steps.poll()));
            }
            guarded(this::flush);
            seen = toDo.addAndGet(-seen);
        } while (seen != 0);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            // Nobody else would ever do what is left of it: the stream ends, and another one begins.
            LOG.error("redaction stream failed by a bug", bug);
            abandon("bug");
        }
    }

    private void flush() {
        long now = nanoTime.getAsLong();
        if (!dead && (prompts.waitsLongerThan(patience, now) || answers.waitsLongerThan(patience, now))) {
            abandon("an item was never answered");
        }
        ClientCallStreamObserver<RequestBatch> running = call;
        if (running == null) {
            return;
        }
        boolean more = !dead;
        while (more) {
            // In turns, so that neither lane keeps the other from leaving.
            boolean answersLeft = flush(running, answers);
            boolean promptsLeft = flush(running, prompts);
            more = answersLeft || promptsLeft;
        }
        finishIfDrained(running);
        if (dead) {
            answers.close();
            prompts.close();
        }
    }

    private boolean flush(ClientCallStreamObserver<RequestBatch> running, Lane lane) {
        if (dead || finished || !running.isReady()) {
            return false;
        }
        Optional<Batch> batch = lane.next(nanoTime.getAsLong());
        batch.ifPresent(full -> write(running, full.message()));
        return batch.isPresent();
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
            // It may be over before it began: on a connection whose certificate is denied.
            if (!dead && ready.compareAndSet(false, true)) {
                owner.ready(this);
            }
            act(() -> {});
        });
    }

    @Override
    public void onNext(ReplyBatch batch) {
        answered = true;
        if (batch.getItemsCount() == 0) {
            owner.asksToMove(this);
            return;
        }
        long now = nanoTime.getAsLong();
        act(() -> count(batch.getItemsList(), now));
        for (Reply reply : batch.getItemsList()) {
            RedactionExchange exchange = exchanges.get(reply.getExchange());
            if (exchange != null) {
                exchange.deliver(reply);
            }
        }
    }

    /// Replies to exchanges that are forgotten count as well: they kept the service busy.
    private void count(List<Reply> replies, long now) {
        silences = 0;
        lastReply = now;
        long began = lastEnd;
        for (Reply reply : replies) {
            Optional<Batch> batch = owing(reply.getExchange());
            if (batch.isPresent() && batch.get().answered(reply.getExchange(), began, now)) {
                lastEnd = now;
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
        act(() -> {});
        if (told.compareAndSet(false, true)) {
            owner.ended(this);
        }
    }
}

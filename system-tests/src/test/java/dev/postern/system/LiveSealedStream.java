package dev.postern.system;

import dev.postern.client.Answer;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A streamed answer in a sealed session of its own, read as it comes by a thread of its own.
final class LiveSealedStream implements AutoCloseable {
    private final PosternClient client;
    private final Request request;
    private final Thread reading;
    private final CountDownLatch alive = new CountDownLatch(1);
    private final List<Long> arrivals = new CopyOnWriteArrayList<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();

    /// @param nanoTime when it was seen
    /// @param why empty for a whole answer
    record End(long nanoTime, Optional<PosternFailure> why) {}

    /// Owns the client from now on.
    private LiveSealedStream(PosternClient client, Request request) {
        this.client = client;
        this.request = request;
        this.reading = Thread.ofVirtual().unstarted(this::read);
    }

    static LiveSealedStream open(PosternClient client, Request request) {
        LiveSealedStream stream = new LiveSealedStream(client, request);
        stream.reading.start();
        return stream;
    }

    boolean awaitAlive(Duration patience) throws InterruptedException {
        return alive.await(patience.toMillis(), TimeUnit.MILLISECONDS) && !end.isDone();
    }

    End awaitEnd(Duration patience) throws InterruptedException {
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the stream goes on", e);
        } catch (ExecutionException e) {
            throw new AssertionError("reading failed", e);
        }
    }

    /// [System#nanoTime] of each event.
    List<Long> arrivals() {
        return arrivals;
    }

    @Override
    public void close() {
        reading.interrupt();
        client.close();
    }

    private void read() {
        Optional<PosternFailure> why = Optional.empty();
        try (AnswerStream answer = client.stream(request)) {
            for (Optional<Answer> event = answer.next(); event.isPresent(); event = answer.next()) {
                arrivals.add(System.nanoTime());
                alive.countDown();
            }
        } catch (PosternFailure failure) {
            why = Optional.of(failure);
        } catch (InterruptedException _) {
            // closed by its owner
        } finally {
            end.complete(new End(System.nanoTime(), why));
            alive.countDown();
        }
    }
}

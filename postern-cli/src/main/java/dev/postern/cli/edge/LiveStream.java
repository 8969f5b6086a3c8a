package dev.postern.cli.edge;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A streamed answer that is read as it comes, by a thread of its own, noting when the last byte came and when the end.
public final class LiveStream implements AutoCloseable {
    private final InputStream body;
    private final CountDownLatch alive = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long lastByteNanos;
    private volatile long endNanos;
    private volatile boolean complete;

    private LiveStream(InputStream body) {
        this.body = body;
    }

    /// Sends the request and begins to read.
    ///
    /// @throws Failure when it is not accepted
    public static LiveStream open(HttpClient client, HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                throw new Failure("The gateway answered " + answer.statusCode() + " instead of a stream.");
            }
            LiveStream stream = new LiveStream(answer.body());
            Thread.ofVirtual().start(stream::read);
            return stream;
        } catch (IOException e) {
            throw new Failure("The gateway gave no stream.", e);
        }
    }

    /// Waits for the first piece of the answer.
    public boolean awaitAlive(Duration patience) throws InterruptedException {
        return alive.await(patience.toMillis(), TimeUnit.MILLISECONDS) && ended.getCount() > 0;
    }

    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// [System#nanoTime] when the last byte was read.
    public long lastByteNanos() {
        return lastByteNanos;
    }

    /// [System#nanoTime] when the end, or the break, was seen.
    public long endNanos() {
        return endNanos;
    }

    /// Whether the stream ended as a whole answer does.
    public boolean complete() {
        return complete;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException _) {
            // it is broken already
        }
    }

    private void read() {
        byte[] buffer = new byte[4096];
        StringBuilder tail = new StringBuilder();
        try {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                lastByteNanos = System.nanoTime();
                tail.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                if (tail.indexOf("\"content\":\"") >= 0) {
                    alive.countDown();
                }
                tail.delete(0, Math.max(0, tail.length() - 2048));
            }
        } catch (IOException _) {
            // a stream that is cut ends as well
        } finally {
            endNanos = System.nanoTime();
            complete = tail.indexOf("[DONE]") >= 0;
            alive.countDown();
            ended.countDown();
        }
    }
}

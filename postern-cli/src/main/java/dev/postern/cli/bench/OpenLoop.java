package dev.postern.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An open loop: requests are due at a fixed pace, whatever becomes of those before them, and each is timed from the
/// moment it was due. A connection whose answer is late asks its next question at once, so that a hold-up costs time
/// and no request.
///
/// For one thread, which may look at what has come so far at any time.
public final class OpenLoop implements AutoCloseable {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NO_ANSWER = 0;

    private final Target target;
    private final long gapNanos;
    private final long began = System.nanoTime();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> callers = new ArrayList<>();
    private volatile long notBefore = began;
    private volatile boolean over;

    private record Answer(long nanoTime, long micros, int status) {}

    /// What came in some time.
    ///
    /// @param latencies of those that were answered 200
    /// @param rejected those whose token was refused (401)
    /// @param failed those that were answered otherwise, or not at all
    public record Answers(Latencies latencies, int rejected, int failed, Duration took) {
        public long perSecond() {
            return Math.round((latencies.count() + rejected + failed) * 1e9 / Math.max(1, took.toNanos()));
        }
    }

    private OpenLoop(Target target, int connections, int perSecond) {
        this.target = target;
        this.gapNanos = 1_000_000_000L * connections / perSecond;
        for (int i = 0; i < connections; i++) {
            long firstDue = began + gapNanos * i / connections;
            callers.add(Thread.ofPlatform().daemon().name("open-loop-" + i).start(() -> call(firstDue)));
        }
    }

    static OpenLoop start(Target target, int connections, int perSecond) {
        return new OpenLoop(target, connections, perSecond);
    }

    /// Asks the gateway for the relays' keys (`GET /ssp1/key-config`): it verifies the token of each request, and costs
    /// neither relay nor log anything.
    ///
    /// @param tokens the bearer token of each request
    public static OpenLoop ofKeyConfigs(
            URI gateway, SSLContext tls, Supplier<String> tokens, int connections, int perSecond) {
        String head = "GET /ssp1/key-config HTTP/1.1\r\nHost: " + gateway.getAuthority() + "\r\nAuthorization: Bearer ";
        RequestSource requests = () -> (head + tokens.get() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return start(new Target("key-config", gateway, Optional.of(tls), requests), connections, perSecond);
    }

    /// Lets go of what is overdue, such as after a warm-up that could not keep the pace.
    public void catchUp() {
        notBefore = System.nanoTime();
    }

    /// What came from one [System#nanoTime] until another.
    public Answers between(long from, long until) {
        Latencies latencies = new Latencies();
        int rejected = 0;
        int failed = 0;
        for (Answer answer : answers) {
            if (answer.nanoTime() - from >= 0 && answer.nanoTime() - until < 0) {
                switch (answer.status()) {
                    case OK -> latencies.add(answer.micros());
                    case UNAUTHORIZED -> rejected++;
                    default -> failed++;
                }
            }
        }
        return new Answers(latencies, rejected, failed, Duration.ofNanos(until - from));
    }

    /// What came lately.
    public Answers last(Duration time) {
        long now = System.nanoTime();
        return between(now - time.toNanos(), now);
    }

    /// What has come so far.
    public Answers all() {
        return between(began, System.nanoTime());
    }

    /// Asks no more, and waits for the last answers.
    public void stop() throws InterruptedException {
        close();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /// Asks no more.
    @Override
    public void close() {
        over = true;
        callers.forEach(LockSupport::unpark);
    }

    private void call(long firstDue) {
        KeepAliveConnection connection = null;
        for (long due = firstDue; awaitDue(due); due = Math.max(due + gapNanos, notBefore)) {
            byte[] request = target.requests().next();
            if (request == null) {
                break;
            }
            int status = NO_ANSWER;
            boolean kept = false;
            try {
                KeepAliveConnection open =
                        connection == null ? new KeepAliveConnection(target.address(), target.tls()) : connection;
                connection = open;
                status = open.exchange(request);
                kept = open.kept();
            } catch (IOException | RuntimeException _) {
                // Counted below, also what is no HTTP: a caller that ended would no longer be asked for.
            }
            long now = System.nanoTime();
            answers.add(new Answer(now, (now - due) / 1000, status));
            if (!kept) {
                close(connection);
                connection = null;
            }
        }
        close(connection);
    }

    /// False when it is over.
    private boolean awaitDue(long due) {
        for (long left = due - System.nanoTime(); left > 0 && !over; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return !over;
    }

    private static void close(@Nullable KeepAliveConnection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException _) {
            // it is gone already
        }
    }
}

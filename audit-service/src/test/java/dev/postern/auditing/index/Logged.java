package dev.postern.auditing.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a class logs while this is open. For any thread.
final class Logged implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Logger logger;
    private final List<String> messages = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Logged(Logger logger) {
        this.logger = logger;
    }

    static Logged of(Class<?> type) {
        Logged logged = new Logged(Logger.getLogger(type.getName()));
        logged.logger.addHandler(logged.handler);
        return logged;
    }

    private synchronized void add(String message) {
        messages.add(message);
        notifyAll();
    }

    synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    /// Waits until something was logged.
    synchronized void await(String part) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (messages.stream().noneMatch(one -> one.contains(part))) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            assertThat(left).as("milliseconds to wait for: %s", part).isPositive();
            wait(left);
        }
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}

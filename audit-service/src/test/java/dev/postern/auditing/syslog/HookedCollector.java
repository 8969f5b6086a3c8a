package dev.postern.auditing.syslog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Takes everything without a network, and lets a test act at each step of a connection.
final class HookedCollector implements Collector {
    /// What a test does at a step, in the exporter's thread.
    @FunctionalInterface
    interface Hook {
        void run() throws Exception;
    }

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile Hook connected = () -> {};
    private volatile Hook flushed = () -> {};
    private volatile Hook confirmed = () -> {};
    private volatile Runnable closed = () -> {};

    void whenConnected(Hook hook) {
        connected = hook;
    }

    void whenFlushed(Hook hook) {
        flushed = hook;
    }

    void whenConfirmed(Hook hook) {
        confirmed = hook;
    }

    void whenClosed(Runnable hook) {
        closed = hook;
    }

    List<String> messages() {
        return messages;
    }

    private static void run(Hook hook) throws IOException {
        try {
            hook.run();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public Delivery connect() throws IOException {
        run(connected);
        return new Delivery() {
            @Override
            public void send(byte[] frame) {
                messages.add(new String(frame, StandardCharsets.US_ASCII));
            }

            @Override
            public void flush() throws IOException {
                run(flushed);
            }

            @Override
            public void confirm() throws IOException {
                run(confirmed);
            }

            @Override
            public void close() {
                closed.run();
            }
        };
    }
}

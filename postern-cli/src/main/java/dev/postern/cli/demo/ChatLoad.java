package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Chats through the whole platform, one after the other, until it is stopped. Each holds personal data that its answer
/// must give back.
final class ChatLoad implements AutoCloseable {
    private static final int CALLERS = 2;
    private static final long PAUSE_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Nobody's.
    private static final String EMAIL = "nobody.known@certificates-mail.com";

    private final DemoWorld world;
    private final Supplier<String> tokens;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<Thread> callers = new ArrayList<>();

    private ChatLoad(DemoWorld world, Supplier<String> tokens) {
        this.world = world;
        this.tokens = tokens;
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::call));
        }
    }

    /// Begins, and returns when the first were served.
    static ChatLoad start(DemoWorld world, Supplier<String> tokens) throws CheckFailed, InterruptedException {
        ChatLoad load = new ChatLoad(world, tokens);
        boolean running = world.await(PATIENCE, () -> load.served() >= CALLERS || load.failed() > 0);
        if (!running || load.failed() > 0) {
            load.close();
            throw new CheckFailed("chats fail before anything is done to the platform");
        }
        return load;
    }

    private void call() {
        try {
            while (!over.get()) {
                HttpResponse<String> answer = world.anyone()
                        .send(ChatRequests.bearing(
                                tokens.get(), world.chat().whole(ChatRequests.SMALL, "What became of " + EMAIL + "?")));
                boolean whole = answer.statusCode() == 200 && answer.body().contains(EMAIL);
                (whole ? served : failed).incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (RuntimeException _) {
            failed.incrementAndGet();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    int served() {
        return served.get();
    }

    int failed() {
        return failed.get();
    }

    /// Asks no more, and waits for the last answers.
    void stop() throws InterruptedException {
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /// Asks no more.
    @Override
    public void close() {
        over.set(true);
    }
}

package dev.postern.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class OpenLoopTest {
    private static final int PER_SECOND = 200;
    private static final int SPECIAL = 5;
    private static final int ENOUGH = 40;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(ENOUGH);
    private HttpServer server;

    /// What becomes of one request in the run.
    private interface Special {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void create() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        executor.close();
    }

    @Test
    void requestsWhenAllAreServedThenNoneIsCountedOtherwise() throws Exception {
        OpenLoop.Answers answers = run(OpenLoopTest::ok);

        assertThat(answers.latencies().count()).isEqualTo(asked.get());
        assertThat(answers.rejected()).isZero();
        assertThat(answers.failed()).isZero();
        assertThat(answers.perSecond()).isPositive().isLessThan(2 * PER_SECOND);
    }

    @Test
    void requestWhenItsTokenIsRefusedThenIsCountedAsRejected() throws Exception {
        OpenLoop.Answers answers = run(exchange -> exchange.sendResponseHeaders(401, -1));

        assertThat(answers.rejected()).isOne();
        assertThat(answers.failed()).isZero();
        assertThat(answers.latencies().count()).isEqualTo(asked.get() - 1);
    }

    @Test
    void requestWhenItIsAnsweredOtherwiseThenIsCountedAsFailed() throws Exception {
        OpenLoop.Answers answers = run(exchange -> exchange.sendResponseHeaders(503, -1));

        assertThat(answers.failed()).isOne();
        assertThat(answers.rejected()).isZero();
    }

    @Test
    void requestWhenItsConnectionBreaksThenIsCountedAsFailedAndTheOthersGoOn() throws Exception {
        OpenLoop.Answers answers = run(HttpExchange::close);

        assertThat(answers.failed()).isOne();
        assertThat(answers.latencies().count()).isEqualTo(asked.get() - 1);
    }

    @Test
    void requestsWhenOneIsHeldUpThenAreTimedFromWhenTheyWereDue() throws Exception {
        CountDownLatch othersAsked = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() == 1) {
                await(othersAsked);
            }
            ok(exchange);
            enough.countDown();
        });
        server.start();
        // One connection: whoever is due while the first waits, waits as well.
        try (OpenLoop loop = start(1)) {
            long held = System.nanoTime() + Duration.ofMillis(300).toNanos();
            while (System.nanoTime() < held) {
                Thread.onSpinWait();
            }
            othersAsked.countDown();
            enough.await();
            loop.stop();

            assertThat(loop.all().latencies().percentile(0.5)).isGreaterThan(20_000);
            assertThat(loop.all().failed()).isZero();
        }
    }

    @Test
    void requestsWhenOverdueOnesAreLetGoThenAreTimedFromNowOn() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() == 1) {
                first.countDown();
                await(held);
            }
            ok(exchange);
            enough.countDown();
        });
        server.start();
        try (OpenLoop loop = start(1)) {
            first.await();
            long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            loop.catchUp();
            held.countDown();
            enough.await();
            loop.stop();

            // A hundred were overdue.
            assertThat(asked.get()).isLessThan(100);
            assertThat(loop.all().latencies().percentile(0.5)).isLessThan(400_000);
        }
    }

    private OpenLoop.Answers run(Special special) throws InterruptedException {
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() == SPECIAL) {
                special.answer(exchange);
                exchange.close();
            } else {
                ok(exchange);
            }
            enough.countDown();
        });
        server.start();
        try (OpenLoop loop = start(4)) {
            enough.await();
            loop.stop();
            return loop.all();
        }
    }

    private OpenLoop start(int connections) {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        byte[] request =
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return OpenLoop.start(
                new Target("test", address, Optional.empty(), RequestSource.always(request)), connections, PER_SECOND);
    }

    private static void ok(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 2);
        exchange.getResponseBody().write(new byte[2]);
        exchange.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.postern.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalKeyTest {
    @Test
    void keyWhenHitThenTheThreadIsInterruptedAndTheProgramLivesOn() throws Exception {
        // A shell without a terminal starts programs in the background with the key ignored, and the JVM keeps that.
        assumeThat(isIgnored()).as("SIGINT is ignored by whoever started this").isFalse();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try (InterruptKey.Caught _ = new SignalKey().interrupting(Thread.currentThread())) {
                waiting.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                outcome.complete(Thread.currentThread().isInterrupted() ? "still" : "interrupted");
            }
        });
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(new ProcessBuilder(
                                "kill",
                                "-INT",
                                Long.toString(ProcessHandle.current().pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
        thread.join();
    }

    private static boolean isIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(ignored -> (ignored & 0b10) != 0);
    }
}

package dev.postern.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalKeyTest {
    @Test
    void keyWhenHitThenTheThreadIsInterruptedAndTheProgramLivesOn() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
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
}

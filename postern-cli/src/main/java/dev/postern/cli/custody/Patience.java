package dev.postern.cli.custody;

import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.time.Duration;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/// Repeats calls that are hindered by what may pass, until a request's time is over: the key that its answer is sealed
/// to is in this process alone, so giving up costs two persons' work. Says each hindrance once. For one thread.
final class Patience {
    private final long end;
    private final Duration pause;
    private final LongSupplier nanoTime;
    private final Progress progress;
    private String said = "";

    /// @param lifetime of the request, from now
    /// @param pause between two calls
    Patience(Duration lifetime, Duration pause, LongSupplier nanoTime, Progress progress) {
        this.end = nanoTime.getAsLong() + lifetime.toNanos();
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    /// A call to the audit-service.
    @FunctionalInterface
    interface Call {
        ArchiveService.Answer send() throws InterruptedException;
    }

    /// The document that it answers at last.
    ///
    /// @throws Failure for an answer that stays, or when the time is over
    JsonNode answer(Call call) throws InterruptedException {
        while (true) {
            String hindrance;
            try {
                ArchiveService.Answer answer = call.send();
                if (!answer.mayPass()) {
                    said = "";
                    return answer.orFail();
                }
                hindrance = answer.hindrance();
            } catch (Failure unanswered) {
                hindrance = String.valueOf(unanswered.getMessage());
            }
            if (nanoTime.getAsLong() - end >= 0) {
                throw new Failure("Nothing is opened, the request's time is over. At last: " + hindrance);
            }
            if (!hindrance.equals(said)) {
                progress.detail(hindrance + " I go on trying");
                said = hindrance;
            }
            pause();
        }
    }

    void pause() throws InterruptedException {
        Thread.sleep(pause);
    }
}

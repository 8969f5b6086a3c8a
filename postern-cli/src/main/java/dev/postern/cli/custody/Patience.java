package dev.postern.cli.custody;

import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.time.Duration;
import java.util.Optional;
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

    /// What came of one call.
    ///
    /// @param answer    one that stays, be it a refusal
    /// @param hindrance why there is none
    private record Outcome(Optional<ArchiveService.Answer> answer, String hindrance) {}

    /// The document that it answers at last.
    ///
    /// @throws Failure for an answer that stays, or when the time is over
    JsonNode answer(Call call) throws InterruptedException {
        while (true) {
            Outcome outcome = outcome(call);
            if (outcome.answer().isPresent()) {
                said = "";
                return outcome.answer().get().orFail();
            }
            String hindrance = outcome.hindrance();
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

    private static Outcome outcome(Call call) throws InterruptedException {
        try {
            ArchiveService.Answer answer = call.send();
            return answer.mayPass()
                    ? new Outcome(Optional.empty(), answer.hindrance())
                    : new Outcome(Optional.of(answer), "");
        } catch (Failure unanswered) {
            return new Outcome(Optional.empty(), String.valueOf(unanswered.getMessage()));
        }
    }

    void pause() throws InterruptedException {
        Thread.sleep(pause);
    }
}

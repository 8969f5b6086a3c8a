package dev.postern.rotation.compromise;

import dev.postern.chassis.problem.ProblemException;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ExecutorService;

/// Looks at the tokens that are shown to this service itself, off the thread that verifies them.
///
/// @param thread discards what it has no room for; ended by [#close]
record OwnSuspicions(Suspicions suspicions, URI self, ExecutorService thread) implements AutoCloseable {
    void signed(String kid, Instant made) {
        thread.execute(() -> {
            try {
                suspicions.signed(kid, made, self);
            } catch (ProblemException _) {
                // It cannot be recorded now, or another replica leads: the next token says it again.
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

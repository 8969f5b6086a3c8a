package dev.postern.relay;

import dev.postern.relay.capture.CaptureUnusable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/// Ends a start that cannot succeed with the one sentence that says what to do, instead of a stack of frames.
public final class StartFailure implements FailureAnalyzer {
    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String sentence = cause.getMessage();
            if (cause instanceof CaptureUnusable && sentence != null) {
                return new FailureAnalysis(sentence, null, cause);
            }
        }
        return null;
    }
}

package dev.postern.redacting;

import dev.postern.redact.name.UnusableNameModel;
import dev.postern.redact.pack.InvalidRulePack;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/// Ends a start that cannot succeed with the one sentence that says what to do, instead of a stack of frames.
public final class StartFailure implements FailureAnalyzer {
    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidRulePack) {
                return analysis("postern.redaction.packs", cause);
            }
            if (cause instanceof UnusableNameModel) {
                return analysis("postern.redaction.names.onnx.model", cause);
            }
        }
        return null;
    }

    private static FailureAnalysis analysis(String setting, Throwable cause) {
        return new FailureAnalysis(setting + ": " + cause.getMessage() + ".", null, cause);
    }
}

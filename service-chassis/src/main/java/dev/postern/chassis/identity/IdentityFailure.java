package dev.postern.chassis.identity;

import dev.postern.identity.IdentityUnavailable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// A service that cannot join ends its start with the one sentence that says why.
public final class IdentityFailure extends AbstractFailureAnalyzer<IdentityUnavailable> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable start, IdentityUnavailable cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}

package dev.postern.vault;

import dev.postern.kms.KeyManagementException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// A service without its key management ends its start with the one sentence that says why.
public final class KmsStartFailure extends AbstractFailureAnalyzer<KeyManagementException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable start, KeyManagementException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}

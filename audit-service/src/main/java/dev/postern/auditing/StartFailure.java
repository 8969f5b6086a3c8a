package dev.postern.auditing;

import dev.postern.auditing.archive.ArchiveUnusable;
import dev.postern.auditing.copy.CopyUnusable;
import dev.postern.auditing.sequence.AuditLogUnusable;
import dev.postern.auditing.syslog.SyslogUnusable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/// Ends a start that cannot succeed with the one sentence that says why.
public final class StartFailure implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean ours = cause instanceof AuditLogUnusable
                    || cause instanceof ArchiveUnusable
                    || cause instanceof CopyUnusable
                    || cause instanceof SyslogUnusable;
            String sentence = cause.getMessage();
            if (ours && sentence != null) {
                return new FailureAnalysis(sentence, null, cause);
            }
        }
        return null;
    }
}

package dev.postern.auditing.sequence;

import java.io.Serial;

/// The log's files cannot be used as they are. The message is one sentence for an operator.
public final class AuditLogUnusable extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    AuditLogUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

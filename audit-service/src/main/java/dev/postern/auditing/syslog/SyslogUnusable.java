package dev.postern.auditing.syslog;

import java.io.Serial;

/// Events cannot be sent as it is configured. The message is one sentence for an operator.
public final class SyslogUnusable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SyslogUnusable(String sentence) {
        super(sentence);
    }

    SyslogUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

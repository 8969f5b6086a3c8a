package dev.postern.audit.envelope;

import java.io.Serial;

/// Bytes that are no event envelope. The message tells what is wrong without quoting the input.
public final class MalformedEnvelope extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedEnvelope(String what) {
        super("the event " + what);
    }
}

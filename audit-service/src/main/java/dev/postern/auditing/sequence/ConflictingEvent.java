package dev.postern.auditing.sequence;

import java.io.Serial;

/// A producer used one identifier for two different events. The first one stands.
public final class ConflictingEvent extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    ConflictingEvent() {
        super("an event with this identifier and other content is in the log");
    }
}

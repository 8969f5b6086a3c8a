package dev.postern.audit.canonical;

import java.io.Serial;

/// A value without a canonical form. The message names the kind of value, never the value.
public final class NotCanonical extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    NotCanonical(String kind) {
        super("no canonical JSON form: " + kind);
    }
}

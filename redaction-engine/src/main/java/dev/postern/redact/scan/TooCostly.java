package dev.postern.redact.scan;

/// A text on which rules that somebody else wrote would take longer than they may. It was not looked at to its end:
/// treat it as one that cannot be read. Holds no text.
public final class TooCostly extends RuntimeException {
    TooCostly() {
        super("the rules of one's own take too long on a text", null, false, false);
    }
}

package dev.postern.redact.vectorscan;

/// Vectorscan cannot be used here; the message says why in one sentence, and holds no text that was scanned.
public final class VectorscanUnavailable extends Exception {
    public VectorscanUnavailable(String message) {
        super(message);
    }

    VectorscanUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}

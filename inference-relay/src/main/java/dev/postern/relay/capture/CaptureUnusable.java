package dev.postern.relay.capture;

import java.io.Serial;

/// The custodians that are configured cannot be sealed to: the relay does not start.
public final class CaptureUnusable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CaptureUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

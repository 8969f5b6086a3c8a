package dev.postern.rotation.ledger;

/// Another process leads: whoever asks must ask that one.
public final class LedgerStandsBy extends RuntimeException {
    LedgerStandsBy() {
        super("another process leads", null, false, false);
    }
}

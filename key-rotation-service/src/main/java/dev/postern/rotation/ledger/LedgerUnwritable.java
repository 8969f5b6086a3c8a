package dev.postern.rotation.ledger;

import java.io.IOException;

/// The ledger's disk refused a write; what was asked for has not happened.
public final class LedgerUnwritable extends RuntimeException {
    /// It refused one a moment ago, and was not asked again.
    LedgerUnwritable() {
        super("the key ledger could not be written a moment ago");
    }

    LedgerUnwritable(IOException cause) {
        super("the key ledger cannot be written", cause);
    }
}

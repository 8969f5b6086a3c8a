package dev.postern.rotation.ledger;

import java.io.IOException;

/// The ledger's disk refused a write; what was asked for has not happened.
public final class LedgerUnwritable extends RuntimeException {
    LedgerUnwritable(IOException cause) {
        super("the key ledger cannot be written", cause);
    }
}

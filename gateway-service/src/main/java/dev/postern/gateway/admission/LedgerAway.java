package dev.postern.gateway.admission;

/// The ledger does not answer, or not in time.
final class LedgerAway extends RuntimeException {
    LedgerAway() {
        super("the ledger is away", null, false, false);
    }
}

package dev.postern.gateway.admission;

final class LocalLedgerTest extends LedgerContract {
    private final Ledger ledger = new LocalLedger(clock);

    @Override
    Ledger ledger() {
        return ledger;
    }
}

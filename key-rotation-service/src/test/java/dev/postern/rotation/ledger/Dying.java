package dev.postern.rotation.ledger;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;

/// A process that dies in the middle of a change, as a killed one does: at its n-th step from when that was said. A
/// step is before and after each audit record, after the write before anybody is told, and before each metric.
public final class Dying implements AuditLine, KeyObserver {
    public static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    private final LedgerFixture it;
    private int left = -1;

    public Dying(LedgerFixture it) {
        this.it = it;
    }

    public KeyLedger ledger(Leadership leadership) {
        KeyLedger ledger = new KeyLedger(it.path, leadership, LedgerFixture.SETTINGS, this, this, it.clock);
        ledger.onChange(_ -> step());
        return ledger;
    }

    /// Lets it die at a step.
    ///
    /// @param step 0 is the next one; none below
    public void at(int step) {
        left = step;
    }

    private void step() {
        if (left-- == 0) {
            throw new Killed();
        }
    }

    @Override
    public void recordDurably(AuditEvent event) throws AuditUnavailable {
        step();
        it.recordDurably(event);
        step();
    }

    @Override
    public void moved(String keyClass, String to, String cause) {
        step();
        it.moved(keyClass, to, cause);
    }

    @Override
    public void reported(Incident incident) {
        it.reported(incident);
    }

    @Override
    public void delayed() {
        it.delayed();
    }

    @Override
    public void leftBehind(int consumers) {
        it.leftBehind(consumers);
    }
}

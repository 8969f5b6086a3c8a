package dev.postern.simulator.model;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// The faults in force; falls back to none when their number is used up. Safe for use by many threads.
final class FaultSwitch {
    private final Faults usual;
    private final AtomicReference<Faults> current;

    FaultSwitch(Duration pieceDelay) {
        this.usual = Faults.none(pieceDelay);
        this.current = new AtomicReference<>(usual);
    }

    void set(Faults faults) {
        current.set(faults);
    }

    void reset() {
        current.set(usual);
    }

    /// The faults for one answer.
    Faults take() {
        Faults taken = current.getAndUpdate(faults -> faults.remaining() > 0 ? faults.used() : usual);
        return taken.remaining() > 0 ? taken : usual;
    }
}

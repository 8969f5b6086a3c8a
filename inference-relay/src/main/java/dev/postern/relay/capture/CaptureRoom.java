package dev.postern.relay.capture;

import java.util.concurrent.Semaphore;

/// Octets that all captured bodies may take together, in the clear. Thread-safe.
final class CaptureRoom {
    private final Semaphore octets;

    CaptureRoom(int octets) {
        this.octets = new Semaphore(octets);
    }

    /// Takes so many, or none.
    boolean take(int wanted) {
        return octets.tryAcquire(wanted);
    }

    /// Gives back what was taken.
    void give(int taken) {
        octets.release(taken);
    }
}

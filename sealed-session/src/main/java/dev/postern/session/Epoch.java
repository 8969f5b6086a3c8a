package dev.postern.session;

/// The keys of one epoch as one end uses them, with the counters and the replay window that belong to exactly these
/// keys.
final class Epoch implements AutoCloseable {
    private final int number;
    private final long startedAt;
    private final FrameCipher sending;
    private final FrameCipher receiving;
    private final ReplayWindow window;
    private final byte[] commitment;
    private long nextSeq;
    private long received;

    Epoch(int number, Secret epochSecret, Role self, int windowBits, long startedAt) {
        this.number = number;
        this.startedAt = startedAt;
        this.sending = FrameCipher.of(epochSecret, self);
        this.receiving = FrameCipher.of(epochSecret, self.peer());
        this.window = new ReplayWindow(windowBits);
        this.commitment = KeySchedule.commitment(epochSecret);
    }

    int number() {
        return number;
    }

    FrameCipher sending() {
        return sending;
    }

    FrameCipher receiving() {
        return receiving;
    }

    ReplayWindow window() {
        return window;
    }

    byte[] commitment() {
        return commitment.clone();
    }

    /// The next sequence number; it is spent even when sealing then fails.
    long takeSeq() {
        return nextSeq++;
    }

    long sent() {
        return nextSeq;
    }

    void countReceived() {
        received++;
    }

    boolean over(EpochLimits limits, long now) {
        return nextSeq >= limits.maxFrames()
                || received >= limits.maxFrames()
                || window.highest() >= limits.maxFrames()
                || now - startedAt >= limits.maxAge().toMillis();
    }

    /// Erases both directions' keys.
    @Override
    public void close() {
        sending.close();
        receiving.close();
    }
}

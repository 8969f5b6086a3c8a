package dev.postern.cli.audit;

import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A log with one checkpoint, whatever is published meanwhile: the first that all witnesses cosigned, or the last of
/// five seconds. A log that is written publishes first, and is cosigned then.
final class CosignedLog implements LogReader {
    private static final int ATTEMPTS = 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);

    private final LogReader log;
    private final Optional<byte[]> checkpoint;

    private CosignedLog(LogReader log, Optional<byte[]> checkpoint) {
        this.log = log;
        this.checkpoint = checkpoint;
    }

    /// Waits for the checkpoint where witnesses are wanted.
    static CosignedLog of(LogReader log, PriorKnowledge prior) throws IOException, InterruptedException {
        Optional<byte[]> checkpoint = log.read(LogStorage.CHECKPOINT);
        for (int i = 1; i < ATTEMPTS && lacksWitness(checkpoint, prior); i++) {
            Thread.sleep(BETWEEN_ATTEMPTS);
            checkpoint = log.read(LogStorage.CHECKPOINT);
        }
        return new CosignedLog(log, checkpoint);
    }

    private static boolean lacksWitness(Optional<byte[]> checkpoint, PriorKnowledge prior) {
        return !prior.witnesses().isEmpty()
                && checkpoint.flatMap(prior::missingWitness).isPresent();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return path.equals(LogStorage.CHECKPOINT) ? checkpoint : log.read(path);
    }
}

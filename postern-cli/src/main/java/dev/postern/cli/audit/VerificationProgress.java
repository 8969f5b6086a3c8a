package dev.postern.cli.audit;

import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.LeafVisitor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Tells how far a check has come, every few seconds, and how fast it was. For one thread.
public final class VerificationProgress implements LeafVisitor {
    private static final int BETWEEN_LOOKS = 1024;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    private final Progress progress;
    private final Clock clock;
    private final Instant began;
    private Instant told;
    private long entries;

    public VerificationProgress(Progress progress, Clock clock) {
        this.progress = progress;
        this.clock = clock;
        this.began = clock.instant();
        this.told = began;
    }

    @Override
    public void leaf(long index, byte[] entry) {
        entries++;
        if (entries % BETWEEN_LOOKS == 0) {
            Instant now = clock.instant();
            if (Duration.between(told, now).compareTo(BETWEEN_LINES) >= 0) {
                told = now;
                progress.detail(String.format(Locale.ROOT, "%,d entries checked", entries));
            }
        }
    }

    public long entries() {
        return entries;
    }

    public Duration elapsed() {
        return Duration.between(began, clock.instant());
    }

    /// 0 when it was too short to tell.
    public long entriesPerSecond() {
        long millis = elapsed().toMillis();
        return millis == 0 ? 0 : entries * 1000 / millis;
    }
}

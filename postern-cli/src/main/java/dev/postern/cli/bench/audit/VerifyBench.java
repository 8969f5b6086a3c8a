package dev.postern.cli.bench.audit;

import dev.postern.cli.home.Directories;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.stream.Stream;

/// Writes a log of sealed events into a temporary directory, checks it whole some times, and removes it.
public final class VerifyBench {
    private static final int ROUNDS = 3;

    private final SecureRandom random;
    private final Progress progress;

    public VerifyBench(SecureRandom random, Progress progress) {
        this.random = random;
        this.progress = progress;
    }

    /// The fastest of three rounds.
    ///
    /// @throws Failure when the disk does not take the log
    public VerifyFigure run(long entries) {
        try {
            Path directory = Files.createTempDirectory("postern-bench-verify");
            try {
                return measure(directory, entries);
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new Failure("The log to measure with cannot be written to the temporary directory.", e);
        }
    }

    private VerifyFigure measure(Path directory, long entries) throws IOException {
        progress.say("Writing a log of " + entries + " sealed events.");
        NoteVerifier key = SealedLog.write(directory, entries, random);
        Duration best = Duration.ofDays(1);
        boolean sound = true;
        for (int i = 1; i <= ROUNDS; i++) {
            long began = System.nanoTime();
            LogReport report = LogVerifier.verify(directory, key);
            Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
            sound &= report.sound() && report.leaves() == entries;
            progress.detail("round " + i + ": " + elapsed.toMillis() + " ms");
            best = elapsed.compareTo(best) < 0 ? elapsed : best;
        }
        long octets = octets(directory);
        return new VerifyFigure(entries, octets, best, reference(octets), sound);
    }

    private static Duration reference(long octets) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            long began = System.nanoTime();
            for (long done = 0; done < octets; done += block.length) {
                sha256.update(block);
            }
            byte[] digest = sha256.digest();
            Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
            return digest.length == 0 ? Duration.ZERO : elapsed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static long octets(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long octets = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                octets += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
            return octets;
        }
    }
}

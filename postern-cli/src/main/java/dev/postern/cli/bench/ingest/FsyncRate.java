package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// How often the disk can be made to keep one more event, one after the other: what bounds any log that does not write
/// many at once.
///
/// @param perSecond appended kilobytes, each forced
/// @param p50Micros of one append and its fsync
record FsyncRate(double perSecond, long p50Micros, long p99Micros) {
    static FsyncRate measure(Path directory, Duration duration) {
        Path file = directory.resolve("fsync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer event = ByteBuffer.allocateDirect(Batches.EVENT_BYTES);
            Latencies micros = new Latencies();
            long began = System.nanoTime();
            long now = began;
            while (now - began < duration.toNanos()) {
                event.clear();
                while (event.hasRemaining()) {
                    channel.write(event);
                }
                channel.force(false);
                long after = System.nanoTime();
                micros.add((after - now) / 1000);
                now = after;
            }
            return new FsyncRate(
                    micros.count() * 1e9 / (now - began), micros.percentile(0.50), micros.percentile(0.99));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

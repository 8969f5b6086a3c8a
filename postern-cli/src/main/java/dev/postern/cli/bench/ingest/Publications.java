package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import dev.postern.tlog.note.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Watches the checkpoint of a log's newest shard, as its files show it to everybody.
final class Publications implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private final Path shards;
    /// Size of each checkpoint to when it was first seen.
    private final ConcurrentSkipListMap<Long, Long> seen = new ConcurrentSkipListMap<>();
    private final Thread thread;
    private volatile boolean over;

    private Publications(Path shards) {
        this.shards = shards;
        this.thread = Thread.ofPlatform().daemon().name("publications").start(this::watch);
    }

    /// @param shards the directory of all shards
    static Publications watch(Path shards) {
        return new Publications(shards);
    }

    private void watch() {
        while (!over) {
            size().ifPresent(size -> seen.putIfAbsent(size, System.nanoTime()));
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private Optional<Long> size() {
        try (Stream<Path> names = Files.list(shards)) {
            Optional<Path> newest = names.filter(
                            name -> name.getFileName().toString().matches("\\d{4}w\\d\\d"))
                    .max(Path::compareTo);
            return newest.isEmpty()
                    ? Optional.empty()
                    : Checkpoint.parse(Files.readString(newest.get().resolve("checkpoint")))
                            .map(Checkpoint::size);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// From each acknowledgement to the first checkpoint over it, in microseconds; zero for one that came later.
    ///
    /// @param patience for the last of them
    Latencies delays(List<Acknowledged.Placed> placed, Duration patience) {
        long last = placed.stream().mapToLong(Acknowledged.Placed::index).max().orElse(-1);
        long end = System.nanoTime() + patience.toNanos();
        while (seen.higherKey(last) == null && System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        TreeMap<Long, Long> checkpoints = new TreeMap<>(seen);
        Latencies micros = new Latencies();
        for (Acknowledged.Placed one : placed) {
            Map.Entry<Long, Long> over = checkpoints.higherEntry(one.index());
            long nanos = over == null ? patience.toNanos() : over.getValue() - one.nanoTime();
            micros.add(Math.max(0, nanos) / 1000);
        }
        return micros;
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}

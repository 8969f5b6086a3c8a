package dev.postern.audit.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Brings a spool directory from whatever a crash left to a state that can be read and appended to.
///
/// A torn end is cut off: nobody was told that it is on disk. Damage before readable entries is reported, the damaged
/// file kept in `quarantine/`, and the readable entries go on. When the state file is unreadable, everything in the
/// segments counts as not acknowledged (redelivered; the receiver knows it already); when no segment is left either,
/// numbering starts under a new spool identifier, because numbers given before must not come again.
///
/// @param state     identifier and acknowledged position
/// @param segments  first number to file, all intact
/// @param last      the highest number ever given
/// @param bytes     length of the segments in all
/// @param missing   what was lost
record Recovery(
        SpoolState state, NavigableMap<Long, Segment> segments, long last, long bytes, List<MissingRange> missing) {

    static Recovery of(SpoolDirectory directory, RandomGenerator random) throws IOException {
        Optional<SpoolState> stored = directory.readState().flatMap(SpoolState::parse);
        SortedMap<Long, Path> files = directory.segments();
        SpoolState state = stored.orElseGet(() ->
                new SpoolState(String.format("%016x", random.nextLong()), files.isEmpty() ? 0 : files.firstKey() - 1));

        TreeMap<Long, Segment> segments = new TreeMap<>();
        List<MissingRange> missing = new ArrayList<>();
        long last = state.acknowledged();
        long bytes = 0;
        for (Map.Entry<Long, Path> file : files.entrySet()) {
            boolean isLast = file.getKey().equals(files.lastKey());
            String name = String.valueOf(file.getValue().getFileName());
            if (file.getKey() > last + 1) {
                missing.add(new MissingRange(name, last + 1, file.getKey() - 1));
                last = file.getKey() - 1;
            }
            SegmentScan scan = SegmentScan.of(ByteBuffer.wrap(Files.readAllBytes(file.getValue())));
            long expected = file.getKey();
            for (Frame frame : scan.frames()) {
                if (frame.sequence() > expected) {
                    missing.add(new MissingRange(name, expected, frame.sequence() - 1));
                }
                expected = frame.sequence() + 1;
            }
            int length = repair(directory, file.getValue(), scan, isLast);
            last = Math.max(last, expected - 1);
            if (length == 0) {
                // The next segment may need this name.
                Files.delete(file.getValue());
                continue;
            }
            segments.put(file.getKey(), new Segment(file.getValue(), expected - 1, length));
            bytes += length;
        }
        if (stored.isEmpty()) {
            // Otherwise nothing changed, and a full disk must not keep the service from starting.
            directory.writeState(state.bytes(), SpoolDirectory.Durability.POWER_LOSS);
        }
        return new Recovery(state, segments, last, bytes, withoutAcknowledged(missing, state.acknowledged()));
    }

    private static int repair(SpoolDirectory directory, Path file, SegmentScan scan, boolean isLast)
            throws IOException {
        if (scan.torn() && isLast) {
            directory.truncate(file, scan.intactLength());
            return scan.intactLength();
        }
        if (scan.intactLength() == scan.fileLength()) {
            return scan.fileLength();
        }
        int length = scan.frames().stream().mapToInt(Frame::size).sum();
        ByteBuffer readable = ByteBuffer.allocate(length);
        scan.frames().forEach(frame -> frame.put(readable));
        directory.quarantine(file, readable.flip());
        return length;
    }

    private static List<MissingRange> withoutAcknowledged(List<MissingRange> missing, long acknowledged) {
        return missing.stream()
                .filter(range -> range.last() > acknowledged)
                .map(range ->
                        new MissingRange(range.segment(), Math.max(range.first(), acknowledged + 1), range.last()))
                .toList();
    }
}

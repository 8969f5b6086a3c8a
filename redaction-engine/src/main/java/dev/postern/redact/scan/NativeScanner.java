package dev.postern.redact.scan;

import dev.postern.redact.vectorscan.Hits;
import dev.postern.redact.vectorscan.PatternDatabase;
import dev.postern.redact.vectorscan.PatternStream;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import dev.postern.redact.vectorscan.WorkingMemory;
import org.jspecify.annotations.Nullable;

/// The scanner that leaves the search to Vectorscan. The text goes through it in blocks that overlap, so that memory
/// does not grow with the text.
final class NativeScanner implements CandidateScanner {
    static final int BLOCK = 32 << 10;
    private static final byte LINE_FEED = '\n';

    private final Vectorscan library;
    private final Openings openings;
    private final Sightings sightings;
    private final int reach;
    private final Pool<BlockScan> blocks;
    private @Nullable Pool<StreamScan> streams;

    private NativeScanner(Vectorscan library, RuleIndex index, Openings openings, PatternDatabase database) {
        this.library = library;
        this.openings = openings;
        this.sightings = new Sightings(index);
        this.reach = openings.longestReach();
        this.blocks = new Pool<>(() -> new BlockScan(database));
    }

    static NativeScanner of(RuleIndex index, Vectorscan library) throws VectorscanUnavailable {
        Openings openings = Openings.of(index);
        return new NativeScanner(
                library,
                index,
                openings,
                PatternDatabase.compile(library, openings.expressions(), PatternDatabase.Mode.BLOCK));
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        BlockScan scan = blocks.take();
        for (int from = 0; from < text.length(); from += BLOCK) {
            scan.block(text, from, candidates);
        }
        // Not after a failure: what failed is not used again.
        blocks.give(scan);
    }

    @Override
    public CandidateStream stream() {
        return new Stream(streams());
    }

    /// Compiled when the first stream needs it: it takes as long as the database for blocks.
    private synchronized Pool<StreamScan> streams() {
        Pool<StreamScan> known = streams;
        if (known == null) {
            try {
                PatternDatabase database =
                        PatternDatabase.compile(library, openings.expressions(), PatternDatabase.Mode.STREAM);
                known = new Pool<>(() -> new StreamScan(database));
            } catch (VectorscanUnavailable e) {
                throw new IllegalStateException("what compiled for blocks does not for streams", e);
            }
            streams = known;
        }
        return known;
    }

    private void propose(CharSequence text, int place, int item, Candidates candidates) {
        boolean begins = Places.begins(text, place);
        if (begins || sightings.opens(text, place)) {
            sightings.add(text, place, begins, item, candidates);
        }
    }

    /// Adds what was hit, at places counted from the character after the first byte.
    private void add(Hits hits, Sorted sorted) {
        for (int i = 0; i < hits.count(); i++) {
            int expression = hits.expression(i);
            int place = (int) hits.end(i) - 1 - openings.reach(expression);
            for (int item : openings.items(expression)) {
                sorted.add(place, item);
            }
        }
    }

    /// One thread at a time.
    private final class BlockScan {
        /// One character before the block, the block, what patterns at its end reach into, and a line feed.
        private final byte[] bytes = new byte[1 + BLOCK + reach + 1];
        private final WorkingMemory memory;
        private final Sorted sorted = new Sorted();

        BlockScan(PatternDatabase database) {
            memory = new WorkingMemory(database, bytes.length);
        }

        void block(CharSequence text, int from, Candidates candidates) {
            int to = Math.min(text.length(), from + BLOCK);
            int end = Math.min(text.length(), to + reach);
            bytes[0] = from == 0 ? LINE_FEED : ScannedBytes.of(text.charAt(from - 1));
            for (int i = from; i < end; i++) {
                bytes[1 + i - from] = ScannedBytes.of(text.charAt(i));
            }
            bytes[1 + end - from] = LINE_FEED;
            sorted.clear();
            add(memory.scan(bytes, end - from + 2), sorted);
            sorted.sort();
            // A line feed that a pattern takes for its own lies before the first place or after the last.
            for (int i = sorted.from(0); i < sorted.from(to - from); i++) {
                propose(text, from + sorted.place(i), sorted.item(i), candidates);
            }
        }
    }

    /// What feeding any stream needs. One thread at a time.
    private static final class StreamScan {
        private final PatternDatabase database;
        private final byte[] bytes = new byte[BLOCK];
        private final WorkingMemory memory;

        StreamScan(PatternDatabase database) {
            this.database = database;
            memory = new WorkingMemory(database, bytes.length);
        }
    }

    private final class Stream implements CandidateStream {
        private final Pool<StreamScan> scans;
        private final PatternStream stream;
        private final StreamWindow window = new StreamWindow();
        private final Sorted sorted = new Sorted();

        Stream(Pool<StreamScan> scans) {
            this.scans = scans;
            StreamScan scan = scans.take();
            stream = new PatternStream(scan.database);
            scan.bytes[0] = LINE_FEED;
            add(stream.feed(scan.bytes, 1, scan.memory), sorted);
            scans.give(scan);
        }

        @Override
        public void feed(CharSequence piece, Candidates candidates) {
            StreamScan scan = scans.take();
            for (int from = 0; from < piece.length(); from += BLOCK) {
                int length = Math.min(BLOCK, piece.length() - from);
                for (int i = 0; i < length; i++) {
                    scan.bytes[i] = ScannedBytes.of(piece.charAt(from + i));
                }
                add(stream.feed(scan.bytes, length, scan.memory), sorted);
                window.add(piece.subSequence(from, from + length));
                propose(window.end() - reach, candidates);
            }
            scans.give(scan);
        }

        @Override
        public void end(Candidates candidates) {
            StreamScan scan = scans.take();
            scan.bytes[0] = LINE_FEED;
            add(stream.feed(scan.bytes, 1, scan.memory), sorted);
            scans.give(scan);
            propose(window.end(), candidates);
            close();
        }

        private void propose(int to, Candidates candidates) {
            if (!sorted.isEmpty()) {
                sorted.sort();
                candidates.countFrom(window.start());
                int last = sorted.from(to);
                for (int i = sorted.from(0); i < last; i++) {
                    NativeScanner.this.propose(
                            window.text(), sorted.place(i) - window.start(), sorted.item(i), candidates);
                }
                sorted.forget(last);
            }
            window.forgetBefore(Math.max(0, to));
        }

        @Override
        public int delay() {
            return reach;
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}

package dev.postern.redact.scan;

import dev.postern.redact.vectorscan.Hits;
import dev.postern.redact.vectorscan.PatternDatabase;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import dev.postern.redact.vectorscan.WorkingMemory;

/// The scanner that leaves the search to Vectorscan. The text goes through it in blocks that overlap, so that memory
/// does not grow with the text.
final class NativeScanner implements CandidateScanner {
    static final int BLOCK = 32 << 10;
    private static final byte LINE_FEED = '\n';

    private final Openings openings;
    private final Sightings sightings;
    private final int reach;
    private final Pool<BlockScan> blocks;

    private NativeScanner(RuleIndex index, Openings openings, PatternDatabase database) {
        this.openings = openings;
        this.sightings = new Sightings(index);
        this.reach = openings.longestReach();
        this.blocks = new Pool<>(() -> new BlockScan(database));
    }

    static NativeScanner of(RuleIndex index, Vectorscan library) throws VectorscanUnavailable {
        Openings openings = Openings.of(index);
        return new NativeScanner(index, openings, PatternDatabase.compile(library, openings.expressions()));
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
}

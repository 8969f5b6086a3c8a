package dev.postern.redact.scan;

import dev.postern.redact.vectorscan.Hits;
import dev.postern.redact.vectorscan.PatternDatabase;
import dev.postern.redact.vectorscan.PatternStream;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import dev.postern.redact.vectorscan.WorkingMemory;
import java.util.BitSet;

/// The scanner that leaves the search for places to Vectorscan, and looks at those alone as the portable one looks at
/// all. A text that is longer than a block goes through it as a stream, so that native memory does not grow with texts.
final class NativeScanner implements CandidateScanner {
    static final int BLOCK = 32 << 10;
    private static final byte LINE_FEED = '\n';

    private final Openings openings;
    private final PortableScanner places;
    private final Pool<Scan> blocks;
    private final Pool<Scan> streams;

    private NativeScanner(
            Openings openings, PortableScanner places, PatternDatabase forBlocks, PatternDatabase forStreams) {
        this.openings = openings;
        this.places = places;
        this.blocks = new Pool<>(() -> new Scan(forBlocks));
        this.streams = new Pool<>(() -> new Scan(forStreams));
    }

    static NativeScanner of(RuleIndex index, Vectorscan library) throws VectorscanUnavailable {
        return of(index, new PortableScanner(index), library);
    }

    /// @param places the scanner that looks at places
    static NativeScanner of(RuleIndex index, PortableScanner places, Vectorscan library) throws VectorscanUnavailable {
        Openings openings = Openings.of(index);
        return new NativeScanner(
                openings,
                places,
                PatternDatabase.compile(library, openings.expressions(), PatternDatabase.Mode.BLOCK),
                PatternDatabase.compile(library, openings.expressions(), PatternDatabase.Mode.STREAM));
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        Pool<Scan> pool = text.length() <= BLOCK ? blocks : streams;
        Scan scan = pool.take();
        scan.of(text, candidates);
        // Not after a failure: what failed is not used again.
        pool.give(scan);
    }

    /// One thread at a time.
    private final class Scan {
        private final char[] characters = new char[BLOCK];
        private final byte[] bytes = new byte[BLOCK + 2];
        private final PatternDatabase database;
        private final WorkingMemory memory;
        private final BitSet found = new BitSet(BLOCK);

        Scan(PatternDatabase database) {
            this.database = database;
            this.memory = new WorkingMemory(database, bytes.length);
        }

        void of(CharSequence text, Candidates candidates) {
            if (text.length() <= BLOCK) {
                mark(text, memory.scan(bytes, fill(text, 0, text.length())));
            } else {
                stream(text);
            }
            for (int place = found.nextSetBit(0); place >= 0; place = found.nextSetBit(place + 1)) {
                places.look(text, place, candidates, null);
            }
            found.clear();
        }

        private void stream(CharSequence text) {
            try (PatternStream stream = new PatternStream(database)) {
                for (int from = 0; from < text.length(); from += BLOCK) {
                    int length = fill(text, from, Math.min(text.length(), from + BLOCK));
                    mark(text, stream.feed(bytes, length, memory));
                }
            }
        }

        /// The bytes of a part of a text, between line feeds at the ends of the text.
        private int fill(CharSequence text, int from, int to) {
            int length = 0;
            if (from == 0) {
                bytes[length++] = LINE_FEED;
            }
            text.toString().getChars(from, to, characters, 0);
            ScannedBytes.of(characters, to - from, bytes, length);
            length += to - from;
            if (to == text.length()) {
                bytes[length++] = LINE_FEED;
            }
            return length;
        }

        private void mark(CharSequence text, Hits hits) {
            for (int i = 0; i < hits.count(); i++) {
                Openings.Window window = openings.window(hits.expression(i));
                // Without the line feed before the text.
                int end = (int) hits.end(i) - 1;
                int to = window.to(end);
                if (to >= 0) {
                    found.set(window.from(text, end), Math.min(to + 1, text.length()));
                }
            }
        }
    }
}

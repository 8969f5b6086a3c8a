package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Patterns unrolled into positions: each takes one character and leads to others, the last of a pattern is its end.
/// What lies deeper than a depth is taken for matched, so that a path may end early but never late.
final class PatternPositions {
    private final int depth;
    private final List<Position> positions = new ArrayList<>();

    /// @param takes absent at the end of a pattern
    /// @param item the pattern's number at its end, -1 before
    // The array is never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record Position(PatternShape.@Nullable One takes, int[] next, int item) {}

    /// @param depth characters after which all is taken for matched
    PatternPositions(int depth) {
        this.depth = depth;
    }

    Position at(int position) {
        return positions.get(position);
    }

    List<Position> all() {
        return positions;
    }

    /// The positions where a pattern begins.
    int[] unroll(PatternShape pattern, int item) {
        return unroll(pattern, new int[] {add(new Position(null, new int[0], item))});
    }

    /// The end of the pattern that a position belongs to.
    private int end(int position) {
        int at = position;
        while (positions.get(at).item < 0) {
            at = positions.get(at).next[0];
        }
        return at;
    }

    static int[] union(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return Arrays.stream(both).distinct().toArray();
    }

    private int add(Position position) {
        positions.add(position);
        return positions.size() - 1;
    }

    /// The positions where a shape that is followed by `after` begins.
    private int[] unroll(PatternShape shape, int[] after) {
        return switch (shape) {
            case PatternShape.One one -> new int[] {add(new Position(one, after, -1))};
            case PatternShape.All all -> {
                int[] next = after;
                List<PatternShape> parts = all.parts();
                int kept = 0;
                int length = 0;
                while (kept < parts.size() && length < depth) {
                    length += parts.get(kept++).minLength();
                }
                if (kept < parts.size()) {
                    next = ends(after);
                }
                for (int i = kept - 1; i >= 0; i--) {
                    next = unroll(parts.get(i), next);
                }
                yield next;
            }
            case PatternShape.Either either -> {
                int[] all = new int[0];
                for (PatternShape option : either.options()) {
                    all = union(all, unroll(option, after));
                }
                yield all;
            }
            case PatternShape.Times times -> times(times, after);
        };
    }

    private int[] times(PatternShape.Times times, int[] after) {
        int once = Math.max(1, times.part().minLength());
        int enough = depth / once + 1;
        int[] next = after;
        int most = times.most();
        if (most > enough) {
            next = times.least() > enough ? ends(after) : union(after, ends(after));
            most = enough;
        }
        for (int i = most; i > 0; i--) {
            int[] begun = unroll(times.part(), next);
            next = i > times.least() ? union(begun, after) : begun;
        }
        return next;
    }

    private int[] ends(int[] places) {
        return new int[] {end(places[0])};
    }
}

package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One look at a text that may go on: what is found in it, and from where on that may change. One thread.
public final class Look {
    private final Part[] parts;
    private final Frontier frontier;
    private final List<Span> spans;
    private final int from;
    private final int length;
    private final boolean ended;

    /// @param spans it is given, to add to
    Look(Part[] parts, Frontier frontier, List<Span> spans, int from, int length, boolean ended) {
        this.parts = parts;
        this.from = from;
        this.frontier = frontier;
        this.spans = spans;
        this.length = length;
        this.ended = ended;
    }

    /// Nothing from here on is decided.
    public void hold(int at) {
        frontier.live(at, null);
    }

    /// What lies between is decided together.
    public void join(int start, int end) {
        frontier.joined(start, end);
    }

    /// A span that something else than a rule found.
    public void add(Span span) {
        spans.add(span);
        join(span.start(), span.end());
    }

    /// What lies before is decided. Never inside a span.
    public int settled() {
        return ended ? length : frontier.settled(length);
    }

    /// The spans before a settled place, overlapping ones too.
    public List<Span> before(int settled) {
        List<Span> before = new ArrayList<>(spans);
        before.removeIf(span -> span.end() > settled);
        return before;
    }

    /// A value that begins where the settled text ends, and goes on until it is closed.
    public Optional<OpenValue> open() {
        return ended ? Optional.empty() : Optional.ofNullable(frontier.block());
    }

    /// What the text is held for, when it is for the sake of a rule.
    public Optional<Entity> heldFor() {
        return Optional.ofNullable(frontier.heldFor());
    }

    /// Leaves what later looks need, once the text before `settled` is decided.
    public void remember(int settled, Remembered remembered) {
        // A phrase that may have begun is looked for again, with all that follows.
        int unscanned = Math.min(settled, frontier.nextPhrase(length));
        for (int i = 0; i < parts.length; i++) {
            parts[i].remember(from, settled, unscanned, remembered.of(i));
        }
    }

    /// What the look saw of one group of rules.
    ///
    /// @param phrases number, start and end
    /// @param rejected rule and place of costly checks that failed
    // The array is never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record Part(RuleIndex index, int[] phrases, List<int[]> rejected) {
        private void remember(int from, int settled, int unscanned, Memory memory) {
            for (int[] check : rejected) {
                if (check[1] < settled) {
                    for (int i = 0; i < index.costly().length; i++) {
                        memory.rejected()[i] += index.costly()[i] == check[0] ? 1 : 0;
                    }
                }
            }
            memory.forget(settled - from);
            int first = settled - GrowingScanner.LOOKS_BACK;
            int count = 0;
            for (int i = 0; i < phrases.length; i += 3) {
                count += phrases[i + 1] >= first && phrases[i + 1] < unscanned ? 1 : 0;
            }
            int[] kept = new int[3 * count];
            int at = 0;
            for (int i = 0; i < phrases.length; i += 3) {
                if (phrases[i + 1] >= first && phrases[i + 1] < unscanned) {
                    System.arraycopy(phrases, i, kept, at, 3);
                    at += 3;
                }
            }
            memory.phrases(kept, settled, unscanned);
        }
    }
}

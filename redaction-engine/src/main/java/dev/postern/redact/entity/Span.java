package dev.postern.redact.entity;

/// A found value: `[start, end)` in UTF-16 code units of the decoded text. It holds no text.
public record Span(int start, int end, Entity entity, double score) {
    public Span {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("a span needs 0 <= start < end, not " + start + ".." + end);
        }
    }

    public boolean overlaps(Span other) {
        return start < other.end && other.start < end;
    }

    public boolean contains(Span other) {
        return start <= other.start && other.end <= end;
    }

    public int length() {
        return end - start;
    }
}

package dev.postern.redacting.json;

import java.util.List;

/// A member name, a string or a number of a document.
///
/// @param shape the path with every array position left out: `messages[].content[].text`. A member name that is not
///     plain (`[A-Za-z0-9_-]`, at most 64) appears as `?`, so that no hostile name can imitate a path; what lies deeper
///     than 256 characters has `?` after its first step
/// @param positions the array positions left out, outermost first
/// @param key the nearest member name above, as written; empty at the root
/// @param text decoded; for a number as written. May hold lone surrogates
/// @param from the first byte, of a string its quote
/// @param to after the last byte
public record JsonLeaf(Kind kind, String shape, List<Integer> positions, String key, String text, int from, int to) {
    public enum Kind {
        NAME,
        STRING,
        NUMBER
    }

    public boolean is(Kind other) {
        return kind == other;
    }

    /// Without the text: a leaf may be what must never be printed.
    @Override
    public String toString() {
        return "JsonLeaf[" + kind + " " + shape + " " + from + ".." + to + "]";
    }
}

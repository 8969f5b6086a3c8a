package dev.postern.redact.stream;

/// Parts of a text that stand for a value already, such as pseudonyms. They pass as they are, also inside a value.
@FunctionalInterface
public interface Opaque {
    /// No opaque part begins here.
    int NONE = -1;
    /// The text ends before it is clear whether one does.
    int OPEN = -2;

    /// None at all.
    Opaque NOTHING = (_, _) -> NONE;

    /// The end of the opaque part that begins at a place, [#NONE] or [#OPEN].
    int end(CharSequence text, int at);
}

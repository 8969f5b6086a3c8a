package dev.postern.redacting.detection;

/// Decides whether a pattern's match is a value of its kind.
@FunctionalInterface
interface Check {
    int REJECTED = -1;

    /// The end of the accepted value in `text`, which may be before or after `end`, or [#REJECTED].
    int accept(String text, int start, int end);
}

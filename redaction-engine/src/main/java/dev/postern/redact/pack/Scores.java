package dev.postern.redact.pack;

/// How sure a match is once its check has passed, 0 to 1.
///
/// @param base inside other text, without context
/// @param alone where the text is little more than the value itself: a form field, a cell, a JSON leaf
/// @param context beside a context word
/// @param onlyInLanguage whether `alone` counts only where the text's language is, or may be, one of the pack's
public record Scores(double base, double alone, double context, boolean onlyInLanguage) {
    /// Whether these are as high as others in every surrounding.
    public boolean atLeast(Scores other) {
        return base >= other.base && alone >= other.alone && context >= other.context && !onlyInLanguage;
    }
}

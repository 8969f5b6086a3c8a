package dev.postern.redact.eval;

import java.util.List;
import java.util.Set;

/// A text and what is known of it.
///
/// @param language ISO 639-1, or empty
/// @param labels the values that stand in it, all of them unless `partial`
/// @param absent entities that must not be found in it
/// @param partial whether other values may stand in it: then only the labelled entities are judged
public record Labelled(
        String id, String text, String language, List<Label> labels, Set<String> absent, boolean partial) {

    /// A value that stands in the text.
    ///
    /// @param start in UTF-16 code units
    /// @param entity in the file's own taxonomy
    /// @param weak whether only its surroundings could tell: it is counted apart
    public record Label(int start, int end, String entity, boolean weak) {}
}

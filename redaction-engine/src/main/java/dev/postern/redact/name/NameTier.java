package dev.postern.redact.name;

import dev.postern.redact.scan.ScannedText;

/// Finds names by what surrounds them. The built-in tier is [NameClassifier]; a larger model may stand in its place.
///
/// An implementation is safe for any number of threads, gives the same names for the same text, and takes time linear
/// in it.
public interface NameTier {
    /// Gives the names of a text in text order, disjoint, with offsets into [ScannedText#text()].
    void find(ScannedText text, Names names);

    /// Takes names as they are found.
    interface Names {
        /// A name at `[start, end)`.
        ///
        /// @param likely how sure the tier is, up to 1
        void name(int start, int end, NameKind kind, double likely);
    }
}

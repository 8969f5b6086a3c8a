package dev.postern.tlog.witness;

/// What a witness answers.
public sealed interface WitnessAnswer {

    /// The checkpoint is consistent with everything seen before, and is on record (200).
    ///
    /// @param lines  cosignatures, each with its line break
    record Cosigned(String lines) implements WitnessAnswer {}

    /// Not the size that the witness has, or another root at that size (409).
    ///
    /// @param size  of the latest checkpoint that it cosigned
    record Conflict(long size) implements WitnessAnswer {}

    /// The body is no request, or the old size is larger than the checkpoint's (400).
    record Malformed() implements WitnessAnswer {}

    /// No log of this origin is known (404).
    record UnknownLog() implements WitnessAnswer {}

    /// The checkpoint is not signed by a key of the log (403).
    record NotSigned() implements WitnessAnswer {}

    /// The proof does not show that the log only grew (422).
    record Inconsistent() implements WitnessAnswer {}
}

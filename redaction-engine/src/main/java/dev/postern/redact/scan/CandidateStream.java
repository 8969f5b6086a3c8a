package dev.postern.redact.scan;

/// Proposes places in a text that arrives in pieces: together the same, in the same order, as [CandidateScanner] does
/// for the whole. A place is proposed at most [#delay()] characters after it. One thread at a time; must be closed.
interface CandidateStream extends AutoCloseable {
    /// Proposes what has been decided; places are counted from the start of the stream.
    void feed(CharSequence piece, Candidates candidates);

    /// The text has ended: proposes the rest. Nothing can be fed from then on.
    void end(Candidates candidates);

    /// The characters after a place that decide about it, at most.
    int delay();

    @Override
    void close();
}

package dev.postern.tlog.note;

import java.time.Instant;

/// A witness' statement, verified, that of the trees with this origin it has seen, a checkpoint's is the largest, and
/// that it contains all before it.
///
/// @param witness  the key's name
/// @param time     when it was made, to the second
/// @param line     the signature line, with its line break: it can be appended to the note
public record Cosignature(String witness, Instant time, String line) {}

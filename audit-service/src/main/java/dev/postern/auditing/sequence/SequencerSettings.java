package dev.postern.auditing.sequence;

import java.time.Duration;

/// How the writer works.
///
/// @param publicationPause  shortest time between publications of a shard
public record SequencerSettings(Duration publicationPause) {}

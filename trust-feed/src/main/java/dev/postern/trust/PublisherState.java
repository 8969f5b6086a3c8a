package dev.postern.trust;

/// A publisher, for metrics and health.
///
/// @param generation and `seq`: where the feed ended when it was last looked at; 0 before
/// @param leads whether this replica ticks
/// @param pending changes that Redis has not taken yet
/// @param appended entries that this replica wrote
/// @param failures steps that Redis or the source refused
public record PublisherState(long generation, long seq, boolean leads, int pending, long appended, long failures) {}

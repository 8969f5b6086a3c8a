package dev.postern.sts.policy;

import java.time.Instant;

/// A policy set that came into force.
///
/// @param epoch 1 for the first
/// @param minimumEpoch tokens issued under an earlier one no longer count
/// @param document the policy set's JSON
/// @param author as the audit trail names them
public record PolicyVersion(long epoch, long minimumEpoch, String document, String author, Instant publishedAt) {}

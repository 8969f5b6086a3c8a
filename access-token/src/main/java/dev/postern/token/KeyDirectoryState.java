package dev.postern.token;

import java.time.Instant;
import java.util.Optional;

/// How the following of the key directory stands.
///
/// @param version applied; 0 before the first
/// @param confirmedAt when a poll last succeeded
/// @param inForce whether keys are found at all
public record KeyDirectoryState(
        long version,
        Optional<Instant> confirmedAt,
        boolean inForce,
        long polls,
        long refusals,
        Optional<DirectoryRefused.Reason> lastRefusal) {}

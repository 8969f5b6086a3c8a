package dev.postern.redacting.policy;

import java.util.Optional;

/// Where the policies of all tenants are kept. What it keeps is sealed. Any thread; it may take long.
interface PolicyStore {
    /// A reading of what is kept.
    ///
    /// @param set empty ones at first
    /// @param seen what [#replace] compares with
    record Reading(PolicySet set, Optional<byte[]> seen) {}

    /// What is kept, or nothing when it is what `known` was.
    ///
    /// @throws RuntimeException when it cannot be read: never an empty set in its place
    Optional<Reading> changedSince(Optional<Reading> known);

    /// Puts a set in the place of what was read.
    ///
    /// @return false, and nothing changed, when something else is there by now
    boolean replace(Reading before, PolicySet set);
}

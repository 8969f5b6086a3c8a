package dev.postern.auditing.s3;

import java.time.Instant;

/// How an object is kept.
///
/// @param mode  who can shorten it: nobody, or whoever may bypass governance
/// @param until nobody deletes or changes the version before
/// @param held  under a legal hold as well, until that is taken off
public record ObjectLock(Mode mode, Instant until, boolean held) {
    /// Of S3 Object Lock.
    public enum Mode {
        COMPLIANCE,
        GOVERNANCE
    }
}

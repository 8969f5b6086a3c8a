package dev.postern.audit.sink;

import java.util.Set;

/// What became of one attempt.
sealed interface Delivery {

    /// The audit-service answered.
    ///
    /// @param acknowledged  identifiers the audit-service has put on disk
    record Answered(Set<String> acknowledged) implements Delivery {}

    /// The audit-service wants smaller batches.
    record TooLarge() implements Delivery {}

    /// Nothing was acknowledged, for whatever reason.
    ///
    /// @param reason  a code for the log: a status or a class of exception
    record Failed(String reason) implements Delivery {}
}

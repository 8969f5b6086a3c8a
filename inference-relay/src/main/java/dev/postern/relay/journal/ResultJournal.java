package dev.postern.relay.journal;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// Remembers for a short time which requests were begun, and how they were answered. Thread-safe; never blocks its
/// callers.
///
/// Guarantee: of all claims of one effect, at all replicas, one is `First` until it is forgotten or its time is over.
/// Non-guarantee: that there is a result. Whoever claimed first may have died, and then nobody knows what happened.
public interface ResultJournal {
    /// Claims an effect. Never fails.
    CompletionStage<Claim> claim(Effect effect, Duration life);

    /// Keeps the answer that the first claim led to.
    void keep(Effect effect, Result result, Duration life);

    /// Takes the first claim back: nothing has happened.
    void forget(Effect effect);

    /// What the journal knows.
    sealed interface Claim {
        record First() implements Claim {}

        /// It was begun, and there is no result, yet or any more.
        record Begun() implements Claim {}

        record Known(Result result) implements Claim {}

        /// It cannot be asked.
        record Away() implements Claim {}
    }
}

package dev.postern.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// Remembers what may be used once only, for all replicas together.
public interface SingleUse {
    /// Claims `name` for `life`.
    ///
    /// @return `FIRST` for exactly one caller; `UNAVAILABLE` when the store cannot say. Callers must treat that
    /// as a refusal. Never fails.
    CompletionStage<Use> claim(String name, Duration life);

    /// What the store knows of a name.
    enum Use {
        FIRST,
        SEEN,
        UNAVAILABLE
    }
}

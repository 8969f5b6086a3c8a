package dev.postern.relay.exchange;

import dev.postern.relay.problem.FailureCode;

/// A request being served, as its session sees it. Use it on the session's event loop.
public interface ActiveRequest {
    /// The client takes data again.
    void resume();

    /// Whether the model was asked, so that the request may have had its effect.
    boolean reachedModel();

    /// Nobody waits for the answer any more, or nobody may: ends redaction and closes the model's connection. The
    /// sink hears nothing.
    ///
    /// @param why for the accounts
    void cancel(FailureCode why);
}

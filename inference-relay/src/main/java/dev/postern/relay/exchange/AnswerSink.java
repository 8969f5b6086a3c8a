package dev.postern.relay.exchange;

import dev.postern.relay.problem.Failure;

/// Where one request's answer goes. Called on the request's event loop, in order; one of `end` and `fail` comes
/// last.
public interface AnswerSink {
    /// One event of a streamed answer.
    void event(byte[] json);

    /// The one document of an answer that is not streamed; `end` follows.
    void document(byte[] json);

    void end();

    void fail(Failure failure);

    /// Whether the client takes more at this moment. While it does not, the model is held back.
    boolean isWritable();
}

package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;

/// Receives one upstream answer, always on the executor the call was given, in order. Exactly one of
/// `document`, `ended` and `failed` comes last, unless the call was cancelled.
public interface UpstreamListener {
    /// One event of a streamed answer, without SSE framing.
    void event(byte[] json);

    /// The events that one read brought are all delivered; nothing more comes until [UpstreamCall#pull()].
    void paused();

    /// The whole answer of a request that was not streamed.
    void document(byte[] json);

    /// The stream said `[DONE]`.
    void ended();

    void failed(Failure failure);
}

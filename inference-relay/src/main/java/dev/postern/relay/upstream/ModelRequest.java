package dev.postern.relay.upstream;

import dev.postern.relay.request.Operation;

/// What is asked of a model.
///
/// @param model as the client names it
/// @param streamed whether the body asks for an event stream
/// @param body redacted already
/// @param deadline when nobody waits for the answer any more, by the clock of `System.nanoTime()`
@SuppressWarnings("ArrayRecordComponent") // Requests are sent, never compared.
public record ModelRequest(Operation operation, String model, boolean streamed, byte[] body, long deadline) {}

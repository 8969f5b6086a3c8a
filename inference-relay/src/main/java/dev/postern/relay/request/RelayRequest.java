package dev.postern.relay.request;

import dev.postern.policy.LatencyClass;
import dev.postern.policy.Sensitivity;
import java.time.Duration;
import java.util.Optional;

/// One request, whole and checked in form. The body is the client's JSON, byte for byte, still unredacted.
///
/// @param messageId the client's 16-byte id of this request, base64url
/// @param deadline how long the client will wait, within the relay's bounds
/// @param claimed the caller a delegating session names; whether that is honoured is the session's matter
/// @param latencyClass how soon the answer is wanted, as the client says
/// @param sensitivity how sensitive the data is, as the client says; the tenant's policy has a default
/// @param model present for every operation but the model list
/// @param streamed whether the client asked for an event stream
@SuppressWarnings("ArrayRecordComponent") // Requests are served, never compared.
public record RelayRequest(
        Operation operation,
        String messageId,
        Duration deadline,
        Optional<Caller> claimed,
        Optional<String> conversation,
        LatencyClass latencyClass,
        Optional<Sensitivity> sensitivity,
        Optional<String> model,
        boolean streamed,
        byte[] body) {
    /// Names the request without repeating any of its text.
    @Override
    public String toString() {
        return "RelayRequest[" + operation + ", " + messageId + ", " + body.length + " bytes]";
    }
}

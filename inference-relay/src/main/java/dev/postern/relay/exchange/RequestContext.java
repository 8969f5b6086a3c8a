package dev.postern.relay.exchange;

import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;

/// A request together with who may make it: built only after admission.
///
/// @param sessionId names the session in audit events
public record RequestContext(RelayRequest request, Caller caller, String sessionId) {}

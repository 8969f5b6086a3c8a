package dev.postern.relay.exchange;

import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import java.util.function.Predicate;

/// A request together with who may make it: built only after admission.
///
/// @param sessionId names the session in audit events
/// @param mayUse which models exist for the caller
public record RequestContext(RelayRequest request, Caller caller, String sessionId, Predicate<String> mayUse) {}

/// The edge: OpenAI's API for clients with access tokens, carried over sealed sessions to the inference-relay.
///
/// A request passes, in this order: its id and its books ([dev.postern.gateway.exchange]), the limits of its head, the
/// origin of its page ([dev.postern.gateway.cors]), its token, what that is bound to, and scope
/// ([dev.postern.gateway.access]), the route, the strict reading of its body ([dev.postern.gateway.api]), policy
/// ([dev.postern.gateway.decision]), its limits ([dev.postern.gateway.admission]) and a stream of a sealed session
/// ([dev.postern.gateway.relay]). From the decision to its last byte it is among the live requests
/// ([dev.postern.gateway.live]), which end when their token or policy does. Every refusal, whoever decides it, is
/// worded in [dev.postern.gateway.problem].
@NullMarked
package dev.postern.gateway;

import org.jspecify.annotations.NullMarked;

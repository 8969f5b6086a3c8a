package dev.postern.sts.exchange;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.clientauth.Connection;
import dev.postern.token.DpopProof;
import java.util.Optional;

/// Who asks for an exchange, and what it proved with the request.
///
/// @param proof of a key, made for the token end point
public record Exchanger(ClientRegistration client, Connection connection, Optional<DpopProof> proof) {}

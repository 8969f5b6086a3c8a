package dev.postern.gateway.relay;

import dev.postern.session.KeyConfig;
import java.net.URI;

/// A relay that can be opened a session at, now.
///
/// @param endpoint where it is
/// @param signed its key config as it came, for clients that verify it themselves
/// @param config the same, verified
/// @param challenge the relay's, good for about a minute
public record RelayOffer(URI endpoint, String signed, KeyConfig config, String challenge) {}

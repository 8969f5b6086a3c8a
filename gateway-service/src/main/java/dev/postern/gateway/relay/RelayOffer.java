package dev.postern.gateway.relay;

import dev.postern.session.KeyConfig;

/// A relay that can be opened a session at, now.
///
/// @param config verified
/// @param challenge the relay's, good for about a minute
record RelayOffer(KeyConfig config, String challenge) {}

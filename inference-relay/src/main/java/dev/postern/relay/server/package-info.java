/// The Netty server: TLS, the two HTTP routes and the WebSocket under a sealed session.
@NullMarked
package dev.postern.relay.server;

import org.jspecify.annotations.NullMarked;

/// The gateway as a client of the inference-relay: key configs, relay tokens and sealed sessions.
@NullMarked
package dev.postern.gateway.relay;

import org.jspecify.annotations.NullMarked;

/// The model behind the relay: one OpenAI-compatible HTTP server.
@NullMarked
package dev.postern.relay.upstream;

import org.jspecify.annotations.NullMarked;

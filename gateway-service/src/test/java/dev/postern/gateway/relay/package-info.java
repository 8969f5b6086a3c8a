/// The gateway's side of sealed sessions, piece by piece.
@NullMarked
package dev.postern.gateway.relay;

import org.jspecify.annotations.NullMarked;

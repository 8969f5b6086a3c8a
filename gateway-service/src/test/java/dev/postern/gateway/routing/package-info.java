/// Routing, piece by piece.
@NullMarked
package dev.postern.gateway.routing;

import org.jspecify.annotations.NullMarked;

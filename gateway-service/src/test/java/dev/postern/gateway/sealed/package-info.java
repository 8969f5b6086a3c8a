/// Sealed sessions of clients, piece by piece.
@NullMarked
package dev.postern.gateway.sealed;

import org.jspecify.annotations.NullMarked;

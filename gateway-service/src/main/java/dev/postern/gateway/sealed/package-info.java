/// Sealed sessions of clients: the gateway authenticates, decides, finds the relay and passes ciphertext.
@NullMarked
package dev.postern.gateway.sealed;

import org.jspecify.annotations.NullMarked;

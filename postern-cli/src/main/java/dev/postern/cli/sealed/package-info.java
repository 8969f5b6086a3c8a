/// A sealed session straight to the relay, with every frame in the caller's hand.
@NullMarked
package dev.postern.cli.sealed;

import org.jspecify.annotations.NullMarked;

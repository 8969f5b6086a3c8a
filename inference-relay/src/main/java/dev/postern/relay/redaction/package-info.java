/// The relay's side of the redaction stream.
@NullMarked
package dev.postern.relay.redaction;

import org.jspecify.annotations.NullMarked;

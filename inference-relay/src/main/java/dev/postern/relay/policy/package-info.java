/// What policy lets a session's own client do.
@NullMarked
package dev.postern.relay.policy;

import org.jspecify.annotations.NullMarked;

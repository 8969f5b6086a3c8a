/// The second half of replay protection: what Redis remembers of a session's frames, and who owns the session.
@NullMarked
package dev.postern.relay.replay;

import org.jspecify.annotations.NullMarked;

/// Live sealed sessions: frames in, requests out, answers back.
@NullMarked
package dev.postern.relay.session;

import org.jspecify.annotations.NullMarked;

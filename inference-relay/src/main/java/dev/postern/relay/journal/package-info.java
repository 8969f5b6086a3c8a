/// What became of requests, so that one which is sent again has no second effect.
@NullMarked
package dev.postern.relay.journal;

import org.jspecify.annotations.NullMarked;

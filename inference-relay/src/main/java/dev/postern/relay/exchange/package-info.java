/// One request from prompt to the last word of its answer.
@NullMarked
package dev.postern.relay.exchange;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.postern.relay.replay;

import org.jspecify.annotations.NullMarked;

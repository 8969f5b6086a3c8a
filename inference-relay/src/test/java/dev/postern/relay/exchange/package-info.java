@NullMarked
package dev.postern.relay.exchange;

import org.jspecify.annotations.NullMarked;

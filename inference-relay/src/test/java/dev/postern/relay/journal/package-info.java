@NullMarked
package dev.postern.relay.journal;

import org.jspecify.annotations.NullMarked;

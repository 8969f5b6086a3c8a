@NullMarked
package dev.postern.relay.admission;

import org.jspecify.annotations.NullMarked;

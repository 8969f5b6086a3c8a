@NullMarked
package dev.postern.relay.upstream;

import org.jspecify.annotations.NullMarked;

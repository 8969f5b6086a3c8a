@NullMarked
package dev.postern.relay;

import org.jspecify.annotations.NullMarked;

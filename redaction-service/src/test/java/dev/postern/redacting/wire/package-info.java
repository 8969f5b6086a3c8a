@NullMarked
package dev.postern.redacting.wire;

import org.jspecify.annotations.NullMarked;

/// Vectorscan through the Foreign Function & Memory API: many fixed expressions, one pass over bytes.
@NullMarked
package dev.postern.redact.vectorscan;

import org.jspecify.annotations.NullMarked;

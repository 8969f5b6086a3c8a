/// Matching many literals at once.
@NullMarked
package dev.postern.redact.matching;

import org.jspecify.annotations.NullMarked;

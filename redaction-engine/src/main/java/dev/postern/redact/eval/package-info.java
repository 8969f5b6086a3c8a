/// Scores the engine on labelled files.
@NullMarked
package dev.postern.redact.eval;

import org.jspecify.annotations.NullMarked;

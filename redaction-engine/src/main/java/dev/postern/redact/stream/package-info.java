/// Redaction of texts that arrive piece by piece.
@NullMarked
package dev.postern.redact.stream;

import org.jspecify.annotations.NullMarked;

/// The redaction engine: one exchange at a time, from prompt to the end of its answer. Knows no wire.
@NullMarked
package dev.postern.redacting.engine;

import org.jspecify.annotations.NullMarked;

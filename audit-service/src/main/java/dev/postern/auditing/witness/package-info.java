/// Asks witnesses to cosign what was published.
@NullMarked
package dev.postern.auditing.witness;

import org.jspecify.annotations.NullMarked;

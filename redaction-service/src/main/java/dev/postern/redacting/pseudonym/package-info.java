/// Reversible stand-ins for values, and the memory of which stands for what.
@NullMarked
package dev.postern.redacting.pseudonym;

import org.jspecify.annotations.NullMarked;

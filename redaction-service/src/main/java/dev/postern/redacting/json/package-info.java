/// JSON with positions: parsed once, changed in place, everything else kept byte for byte.
@NullMarked
package dev.postern.redacting.json;

import org.jspecify.annotations.NullMarked;

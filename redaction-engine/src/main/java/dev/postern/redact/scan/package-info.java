/// One pass over a text that proposes where rules may match, and what decides.
@NullMarked
package dev.postern.redact.scan;

import org.jspecify.annotations.NullMarked;

/// Who gets a session: every check of OPEN, cheapest first.
@NullMarked
package dev.postern.relay.admission;

import org.jspecify.annotations.NullMarked;

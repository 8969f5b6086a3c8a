/// The protocol between a log and its witnesses, and a witness (C2SP tlog-witness).
@NullMarked
package dev.postern.tlog.witness;

import org.jspecify.annotations.NullMarked;

/// Token exchange (RFC 8693): whose token may be exchanged by whom, and the most that may come out of it.
@NullMarked
package dev.postern.sts.exchange;

import org.jspecify.annotations.NullMarked;

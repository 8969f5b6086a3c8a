/// What is true of every request that enters: it has an id, and its end is counted, timed and, when refused, audited.
@NullMarked
package dev.postern.gateway.exchange;

import org.jspecify.annotations.NullMarked;

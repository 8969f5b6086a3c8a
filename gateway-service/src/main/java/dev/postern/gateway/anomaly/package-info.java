/// Behaviour of clients at the edge: what is observed, how it is scored and shown, and what policy does about it.
@NullMarked
package dev.postern.gateway.anomaly;

import org.jspecify.annotations.NullMarked;

/// Failures of sealed sessions by client: how they are scored, and what policy does about them.
@NullMarked
package dev.postern.relay.anomaly;

import org.jspecify.annotations.NullMarked;

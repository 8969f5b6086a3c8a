@NullMarked
package dev.postern.relay.anomaly;

import org.jspecify.annotations.NullMarked;

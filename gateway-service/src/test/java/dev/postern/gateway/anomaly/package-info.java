@NullMarked
package dev.postern.gateway.anomaly;

import org.jspecify.annotations.NullMarked;

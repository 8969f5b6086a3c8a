@NullMarked
package dev.postern.policy.anomaly;

import org.jspecify.annotations.NullMarked;

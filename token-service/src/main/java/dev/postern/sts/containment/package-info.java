/// What the policy does about anomalies, by itself.
@NullMarked
package dev.postern.sts.containment;

import org.jspecify.annotations.NullMarked;

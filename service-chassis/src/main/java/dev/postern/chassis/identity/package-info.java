/// The service's workload identity, as Spring's SSL bundle `postern` and as metrics.
@NullMarked
package dev.postern.chassis.identity;

import org.jspecify.annotations.NullMarked;

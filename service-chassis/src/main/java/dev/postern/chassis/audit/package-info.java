/// The service's audit trail: settings, life cycle and metrics.
@NullMarked
package dev.postern.chassis.audit;

import org.jspecify.annotations.NullMarked;

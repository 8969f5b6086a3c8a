/// Ships a spool to the audit-service and never gives up.
@NullMarked
package dev.postern.audit.sink;

import org.jspecify.annotations.NullMarked;

/// What happened, kept so that it cannot be lost: the closed set of audit events, their durable spool and the sink that
/// ships them to the audit-service.
@NullMarked
package dev.postern.audit;

import org.jspecify.annotations.NullMarked;

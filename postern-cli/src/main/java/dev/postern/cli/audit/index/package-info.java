/// Has the audit-service prove its index against its log.
@NullMarked
package dev.postern.cli.audit.index;

import org.jspecify.annotations.NullMarked;

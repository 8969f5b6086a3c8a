/// A witness of audit logs, small enough to host beside something else.
@NullMarked
package dev.postern.cli.audit.witness;

import org.jspecify.annotations.NullMarked;

/// Checks the audit log from its files alone.
@NullMarked
package dev.postern.cli.audit;

import org.jspecify.annotations.NullMarked;

/// Checks the audit log from its files, or from what a server shows of it, alone.
@NullMarked
package dev.postern.cli.audit;

import org.jspecify.annotations.NullMarked;

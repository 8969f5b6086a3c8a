/// A selection of events in one file that proves itself, without any service.
@NullMarked
package dev.postern.cli.audit.archive;

import org.jspecify.annotations.NullMarked;

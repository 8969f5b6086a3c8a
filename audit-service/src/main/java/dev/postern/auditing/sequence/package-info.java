/// The one writer: deduplication, numbering per producer, weekly roll-over, and the index built from the log.
@NullMarked
package dev.postern.auditing.sequence;

import org.jspecify.annotations.NullMarked;

/// The one writer: deduplication, numbering per producer, and weekly roll-over.
@NullMarked
package dev.postern.auditing.sequence;

import org.jspecify.annotations.NullMarked;

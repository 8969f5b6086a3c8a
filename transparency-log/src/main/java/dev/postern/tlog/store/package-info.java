/// Where a log's files lie, and the log that writes them.
@NullMarked
package dev.postern.tlog.store;

import org.jspecify.annotations.NullMarked;

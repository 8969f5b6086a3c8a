/// Serves the log's files to anyone.
@NullMarked
package dev.postern.auditing.serve;

import org.jspecify.annotations.NullMarked;

/// One event, one sequence of bytes: the JSON form that is hashed into the log.
@NullMarked
package dev.postern.audit.canonical;

import org.jspecify.annotations.NullMarked;

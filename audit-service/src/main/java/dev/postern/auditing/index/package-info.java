/// Where events are, on disk or in a database: a disposable follower of the log, each UTC day by itself, that dies with
/// the day's keys.
@NullMarked
package dev.postern.auditing.index;

import org.jspecify.annotations.NullMarked;

/// Where events are, on disk: a disposable follower of the log, one file a UTC day, that dies with the day's keys.
@NullMarked
package dev.postern.auditing.index;

import org.jspecify.annotations.NullMarked;

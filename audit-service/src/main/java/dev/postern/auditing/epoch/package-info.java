/// Seals leaves under keys that live for a day of events and die with it.
@NullMarked
package dev.postern.auditing.epoch;

import org.jspecify.annotations.NullMarked;

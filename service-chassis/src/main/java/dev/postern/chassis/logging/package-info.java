/// Logs without text: exception classes and frames, never messages.
@NullMarked
package dev.postern.chassis.logging;

import org.jspecify.annotations.NullMarked;

/// The CloudEvents 1.0 envelope in which an event travels and is logged.
@NullMarked
package dev.postern.audit.envelope;

import org.jspecify.annotations.NullMarked;

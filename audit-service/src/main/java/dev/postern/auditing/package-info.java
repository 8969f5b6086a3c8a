/// The audit-service: sequences events of all producers into a transparency log and serves it.
@NullMarked
package dev.postern.auditing;

import org.jspecify.annotations.NullMarked;

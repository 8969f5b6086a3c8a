/// Checks the published log again and again, while it is written.
@NullMarked
package dev.postern.auditing.monitor;

import org.jspecify.annotations.NullMarked;

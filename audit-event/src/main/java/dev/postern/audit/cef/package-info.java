/// Events in the Common Event Format, for systems that collect them by syslog.
@NullMarked
package dev.postern.audit.cef;

import org.jspecify.annotations.NullMarked;

/// Sends events to a collector: CEF in syslog messages (RFC 5424) over TLS (RFC 5425).
@NullMarked
package dev.postern.auditing.syslog;

import org.jspecify.annotations.NullMarked;

package dev.postern.auditing.syslog;

import dev.postern.audit.cef.CefEvent;
import dev.postern.audit.envelope.EventEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// One syslog message (RFC 5424) as it goes over TLS: its length in octets, a space, the message (RFC 5425, section
/// 4.3). At most 8,192 octets, which receivers should take.
final class SyslogFrame {
    static final int LONGEST = 8_192;

    /// Facility 13, log audit.
    private static final int FACILITY = 13;

    private static final int LONGEST_MSGID = 32;
    private static final String APP_NAME = "postern-audit";
    private static final String PREFIX = "dev.postern.";

    private SyslogFrame() {}

    /// An event's message.
    ///
    /// @param hostname  printable ASCII without spaces
    static byte[] of(EventEnvelope event, CefEvent cef, String hostname) {
        String message = "<" + (FACILITY * 8 + severity(cef)) + ">1 " + timestamp(event.time()) + " " + hostname + " "
                + APP_NAME + " - " + messageId(event.type()) + " - " + cef.line();
        return (message.length() + " " + message).getBytes(StandardCharsets.US_ASCII);
    }

    /// OCSF's severities as syslog's: critical, warning, informational.
    private static int severity(CefEvent cef) {
        return switch (cef.ocsfSeverity()) {
            case 4 -> 2;
            case 2 -> 4;
            default -> 6;
        };
    }

    private static String timestamp(Instant time) {
        return EventEnvelope.timestamp(time);
    }

    private static String messageId(String type) {
        String name = type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
        String printable = name.replaceAll("[^!-~]", "?");
        return printable.isEmpty() ? "-" : printable.substring(0, Math.min(LONGEST_MSGID, printable.length()));
    }
}

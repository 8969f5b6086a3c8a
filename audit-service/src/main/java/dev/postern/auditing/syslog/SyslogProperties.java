package dev.postern.auditing.syslog;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where events go as CEF.
///
/// @param host      the collector's name, as in its certificate; absent: nothing is sent
/// @param port      6514 is TLS syslog's
/// @param ca        the authority that the collector's certificate must come from, PEM
/// @param server    in place of `ca`: the SPIFFE id of a collector with a certificate of this platform
/// @param hostname  how the messages name this machine
/// @param linger    how long a connection waits for more events before they are confirmed
@ConfigurationProperties("postern.audit.syslog")
public record SyslogProperties(
        @Nullable String host,
        @DefaultValue("6514") int port,
        @Nullable Path ca,
        @Nullable URI server,
        @DefaultValue("postern") String hostname,
        @DefaultValue("5s") Duration linger) {
    private static final int LONGEST_HOSTNAME = 255;
    private static final Duration LONGEST_LINGER = Duration.ofMinutes(5);

    public SyslogProperties {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("postern.audit.syslog.port is between 1 and 65535");
        }
        if (host != null && (ca == null) == (server == null)) {
            throw new IllegalArgumentException(
                    "postern.audit.syslog wants either ca (a PEM file) or server (a SPIFFE id of this platform)");
        }
        if (!hostname.matches("[!-~]{1," + LONGEST_HOSTNAME + "}")) {
            throw new IllegalArgumentException(
                    "postern.audit.syslog.hostname is up to 255 printable characters without spaces");
        }
        if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
            throw new IllegalArgumentException("postern.audit.syslog.linger is up to five minutes");
        }
    }
}

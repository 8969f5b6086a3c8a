package dev.postern.audit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// How a service keeps its audit trail.
///
/// @param source            the producer's SPIFFE id; the audit-service refuses any other than the certificate's
/// @param spoolDirectory    owned by one process at a time
/// @param endpoint          base address of the audit-service, for example `https://localhost:8843`
/// @param maxSpoolBytes     unshipped bytes from which on nothing more is accepted
/// @param segmentBytes      size at which a new spool file begins
/// @param coalescingWindow  rejections alike within it become one event
/// @param retry             pauses between attempts to ship
public record AuditSettings(
        URI source,
        Path spoolDirectory,
        URI endpoint,
        long maxSpoolBytes,
        int segmentBytes,
        Duration coalescingWindow,
        Retry retry) {

    /// Exponential pauses with full jitter.
    ///
    /// @param first    upper bound of the first pause
    /// @param longest  upper bound of every pause
    /// @param timeout  of one attempt
    /// @param heartbeat how long there is nothing to send before it is said that there is nothing
    public record Retry(Duration first, Duration longest, Duration timeout, Duration heartbeat) {

        public static final Retry DEFAULT = new Retry(
                Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));

        public Retry {
            if (heartbeat.isNegative() || heartbeat.isZero()) {
                throw new IllegalArgumentException("audit heartbeats need a pause between them");
            }
            if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0 || timeout.isNegative()) {
                throw new IllegalArgumentException("audit retry needs 0 < first <= longest and a timeout");
            }
        }
    }

    public AuditSettings {
        if (!"spiffe".equals(source.getScheme())) {
            throw new IllegalArgumentException("audit source must be a SPIFFE id");
        }
        if (segmentBytes < 4096 || maxSpoolBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("audit spool needs segments of at least 4096 bytes and room for two");
        }
        if (coalescingWindow.isNegative()) {
            throw new IllegalArgumentException("audit coalescing window must not be negative");
        }
    }

    /// Defaults: 1 GiB of spool in 4 MiB segments, rejections coalesced within a second.
    public static AuditSettings of(URI source, Path spoolDirectory, URI endpoint) {
        return new AuditSettings(
                source, spoolDirectory, endpoint, 1L << 30, 4 << 20, Duration.ofSeconds(1), Retry.DEFAULT);
    }
}

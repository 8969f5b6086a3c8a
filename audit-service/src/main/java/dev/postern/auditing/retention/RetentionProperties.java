package dev.postern.auditing.retention;

import dev.postern.audit.root.RootState;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long the audit log is kept.
///
/// @param keep  from the end of a day until its events are shredded
/// @param grace from then until the shard is deleted as a whole: so long its proofs go on
@ConfigurationProperties("postern.audit-log.retention")
public record RetentionProperties(
        @DefaultValue("90d") Duration keep,
        @DefaultValue("7d") Duration grace) {
    /// No keys that may still seal are destroyed.
    private static final Duration SHORTEST = Duration.ofDays(RootState.SEALING_DRIFT_DAYS + 2L);

    private static final Duration LONGEST = Duration.ofDays(36_525);

    public RetentionProperties {
        if (keep.compareTo(SHORTEST) < 0 || keep.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "postern.audit-log.retention.keep is between " + SHORTEST.toDays() + "d and 36525d");
        }
        if (grace.isNegative() || grace.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("postern.audit-log.retention.grace is between 0d and 36525d");
        }
    }
}

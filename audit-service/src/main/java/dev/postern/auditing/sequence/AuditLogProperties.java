package dev.postern.auditing.sequence;

import dev.postern.auditing.shard.ShardSigners;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the log lives and how it is published.
///
/// @param directory           holds `log/`, `vkeys/` and `wal/`
/// @param origin              the first parts of every shard's origin
/// @param publicationPause    shortest time between two checkpoints
/// @param secondKey           with what checkpoints are signed beside Ed25519: `ml-dsa-44`, or nothing
@ConfigurationProperties("postern.audit-log")
public record AuditLogProperties(
        Path directory,
        @DefaultValue("localhost/audit") String origin,
        @DefaultValue("50ms") Duration publicationPause,
        @DefaultValue("NONE") ShardSigners.SecondKey secondKey) {

    public AuditLogProperties {
        if (!origin.matches("[a-z0-9.-]+(/[a-z0-9-]+)+")) {
            throw new IllegalArgumentException("postern.audit-log.origin is a host name and a path: localhost/audit");
        }
        if (publicationPause.isNegative() || publicationPause.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("postern.audit-log.publication-pause is at most a minute");
        }
    }
}

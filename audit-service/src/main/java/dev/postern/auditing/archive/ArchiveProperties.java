package dev.postern.auditing.archive;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who opens captured bodies.
///
/// @param custodians a file with the lines of each custodian's keys, those they had before too, as
///     `postern audit custodian keygen` writes them; without it nothing can be opened
/// @param patience how long a request waits for two decisions and its release, at most a day
@ConfigurationProperties("postern.audit.archive")
public record ArchiveProperties(
        @Nullable Path custodians, @DefaultValue("1h") Duration patience) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public ArchiveProperties {
        if (!patience.isPositive() || patience.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("postern.audit.archive.patience is positive, and a day at most");
        }
    }
}

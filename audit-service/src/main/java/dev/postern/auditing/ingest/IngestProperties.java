package dev.postern.auditing.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What producers may send.
///
/// @param maxBatch  bytes of one request
/// @param maxEvent  bytes of one event; with its header it must fit into a leaf
/// @param patience  how long a producer waits for the disk before it is told to come again
@ConfigurationProperties("postern.audit-log.ingest")
public record IngestProperties(
        @DefaultValue("1MB") DataSize maxBatch,
        @DefaultValue("48KB") DataSize maxEvent,
        @DefaultValue("8s") Duration patience) {

    private static final DataSize LARGEST_EVENT = DataSize.ofKilobytes(59);

    public IngestProperties {
        if (maxEvent.compareTo(LARGEST_EVENT) > 0 || maxBatch.compareTo(maxEvent) < 0) {
            throw new IllegalArgumentException(
                    "postern.audit-log.ingest: max-event is at most 59KB and no more than max-batch");
        }
    }
}

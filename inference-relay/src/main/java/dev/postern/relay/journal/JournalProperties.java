package dev.postern.relay.journal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the answers that are kept may cost.
///
/// @param maxBytes of sealed answers of this replica that lie in Redis at once
@ConfigurationProperties("postern.relay.journal")
public record JournalProperties(@DefaultValue("67108864") long maxBytes) {
    public JournalProperties {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("postern.relay.journal.max-bytes must not be negative");
        }
    }
}

package dev.postern.relay.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What one session, and all together, may cost.
///
/// @param maxRequestBytes the longest request
/// @param maxAssemblyBytes of requests still arriving, per session
/// @param assemblyTimeout how long a request may take to arrive
/// @param maxDeadline the longest a request may wait for its answer
/// @param withoutStore how long a live session goes on by its own memory while Redis cannot be asked
/// @param maxRequests being served at once, in all sessions
/// @param maxWaiting for a place among those
@ConfigurationProperties("postern.relay.session")
public record SessionProperties(
        @DefaultValue("4194304") int maxRequestBytes,
        @DefaultValue("16777216") int maxAssemblyBytes,
        @DefaultValue("30s") Duration assemblyTimeout,
        @DefaultValue("10m") Duration maxDeadline,
        @DefaultValue("1024") int maxRequests,
        @DefaultValue("1024") int maxWaiting,
        @DefaultValue("30s") Duration withoutStore) {
    public SessionProperties {
        if (maxRequestBytes < 1024 || maxAssemblyBytes < maxRequestBytes || maxRequests < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException(
                    "postern.relay.session: max-request-bytes >= 1024, max-assembly-bytes at least that, max-requests >= 1, max-waiting >= 0");
        }
        if (assemblyTimeout.isNegative()
                || assemblyTimeout.isZero()
                || withoutStore.isNegative()
                || maxDeadline.isNegative()
                || maxDeadline.isZero()) {
            throw new IllegalArgumentException("postern.relay.session times must be positive");
        }
    }
}

package dev.postern.gateway.admission;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How requests are admitted. What is admitted is policy's.
///
/// @param whenRedisIsAway the failure direction: `refuse` (closed) answers 503, `local` (degraded) goes on with counts
/// of
///     this process alone; requests that nothing limits do not ask Redis
/// @param replicas how many gateways share the limits while each counts for itself
/// @param bytesPerToken octets of text for one token, for what no model has counted yet; 1 never underestimates
/// @param defaultOutputTokens what is reserved for an answer whose request sets no bound
/// @param askForUsage whether streams of limited callers are asked to report their usage (`stream_options`); the event
///     that does is kept from clients who did not ask for it
@ConfigurationProperties("postern.gateway.admission")
public record AdmissionProperties(
        @DefaultValue("refuse") WhenAway whenRedisIsAway,
        @DefaultValue("1") int replicas,
        @DefaultValue("3") int bytesPerToken,
        @DefaultValue("4096") long defaultOutputTokens,
        @DefaultValue("true") boolean askForUsage) {
    /// What becomes of requests while nobody knows what was used.
    public enum WhenAway {
        REFUSE,
        LOCAL
    }

    public AdmissionProperties {
        if (replicas < 1 || replicas > 1000) {
            throw new IllegalArgumentException("postern.gateway.admission.replicas must be 1 to 1000");
        }
        if (bytesPerToken < 1 || bytesPerToken > 16) {
            throw new IllegalArgumentException("postern.gateway.admission.bytes-per-token must be 1 to 16");
        }
        if (defaultOutputTokens < 1 || defaultOutputTokens > 1_000_000_000L) {
            throw new IllegalArgumentException(
                    "postern.gateway.admission.default-output-tokens must be 1 to 1000000000");
        }
    }
}

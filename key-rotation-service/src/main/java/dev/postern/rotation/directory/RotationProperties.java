package dev.postern.rotation.directory;

import dev.postern.rotation.lifecycle.RotationPolicy;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Rotation of keys, and who follows the directory.
///
/// @param followers paths below the trust domain whose polls count as heartbeat and acknowledgement
/// @param operators paths below the trust domain that may rotate and list
/// @param patience how long an operator's call waits for a spare key and its activation
@ConfigurationProperties("postern.rotation")
public record RotationProperties(
        @DefaultValue TokenSigning tokenSigning,

        @DefaultValue({
            "service/gateway-service",
            "service/token-service",
            "service/redaction-service",
            "service/inference-relay",
            "service/audit-service"
        })
        Set<String> followers,

        @DefaultValue("operator/cli") Set<String> operators,
        @DefaultValue("12s") Duration patience) {
    public RotationProperties {
        followers = Set.copyOf(followers);
        operators = Set.copyOf(operators);
    }

    /// How token-signing keys rotate.
    ///
    /// @param period how long a key signs
    /// @param verificationWindow how long it verifies afterwards: longest token life (5 min) plus skew (60 s)
    /// @param acknowledgementDeadline after which a silent consumer no longer holds up an activation
    /// @param consumerWindow a consumer heard within it counts as living
    /// @param ownerSilence after which an owner's keys retire
    public record TokenSigning(
            @DefaultValue("12h") Duration period,
            @DefaultValue("6m") Duration verificationWindow,
            @DefaultValue("5s") Duration acknowledgementDeadline,
            @DefaultValue("5s") Duration consumerWindow,
            @DefaultValue("15s") Duration ownerSilence) {
        public TokenSigning {
            var _ = new RotationPolicy(
                    period, verificationWindow, acknowledgementDeadline, consumerWindow, ownerSilence);
        }

        RotationPolicy policy() {
            return new RotationPolicy(
                    period, verificationWindow, acknowledgementDeadline, consumerWindow, ownerSilence);
        }
    }
}

package dev.postern.gateway.sealed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sealed sessions of clients.
///
/// @param limitedClients what becomes of clients that a limit of the policy applies to: nobody can count the requests
///     and model tokens of a session that nobody here can open
/// @param openTimeout how long a client may take to send its first message
@ConfigurationProperties("postern.gateway.sealed")
public record SealedProperties(
        @DefaultValue("refuse") LimitedClients limitedClients,
        @DefaultValue("10s") Duration openTimeout) {
    public SealedProperties {
        if (!openTimeout.isPositive()) {
            throw new IllegalArgumentException("postern.gateway.sealed.open-timeout must be positive");
        }
    }

    /// Closed or open.
    public enum LimitedClients {
        REFUSE,
        ALLOW
    }
}

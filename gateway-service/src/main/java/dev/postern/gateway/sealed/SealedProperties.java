package dev.postern.gateway.sealed;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sealed sessions of clients.
///
/// @param limitedClients what becomes of clients that a limit of the policy applies to: nobody can count the requests
///     and model tokens of a session that nobody here can open
@ConfigurationProperties("postern.gateway.sealed")
public record SealedProperties(@DefaultValue("refuse") LimitedClients limitedClients) {
    /// Closed or open.
    public enum LimitedClients {
        REFUSE,
        ALLOW
    }
}

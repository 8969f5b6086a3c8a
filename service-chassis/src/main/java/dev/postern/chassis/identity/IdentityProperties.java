package dev.postern.chassis.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How this service gets its certificate.
///
/// @param bootstrap what proves the service before it has one
/// @param authority where key-rotation-service answers
/// @param caCertificate the platform's CA certificate, the one trust anchor
/// @param joinTokenFile a one-time token, deleted once used (`join-token`)
/// @param serviceAccountTokenFile the projected token of the pod's service account (`kubernetes`)
/// @param dnsNames names that the certificate carries beside the SPIFFE id
/// @param timeout how long the start waits for the authority before it fails with one sentence
@ConfigurationProperties("postern.identity")
public record IdentityProperties(
        @DefaultValue("join-token") Bootstrap bootstrap,
        URI authority,
        Path caCertificate,
        Path joinTokenFile,

        @DefaultValue("/var/run/secrets/postern/token") Path serviceAccountTokenFile,

        List<String> dnsNames,
        Duration timeout) {
    /// The ways to a first certificate.
    public enum Bootstrap {
        /// A one-time token that whoever starts the platform puts in place.
        JOIN_TOKEN,
        /// The pod's service account.
        KUBERNETES,
        /// The service's credentials at a Vault: vault-access brings the [dev.postern.identity.IdentityIssuer].
        VAULT
    }

    public IdentityProperties {
        dnsNames = List.copyOf(dnsNames);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("postern.identity.timeout must be longer than nothing");
        }
    }
}

package dev.postern.chassis.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// How this service gets its certificate.
///
/// @param authority where key-rotation-service answers
/// @param caCertificate the platform's CA certificate, the one trust anchor
/// @param joinTokenFile a one-time token, deleted once used
/// @param dnsNames names that the certificate carries beside the SPIFFE id
/// @param timeout how long the start waits for the authority before it fails with one sentence
@ConfigurationProperties("postern.identity")
public record IdentityProperties(
        URI authority, Path caCertificate, Path joinTokenFile, List<String> dnsNames, Duration timeout) {
    public IdentityProperties {
        dnsNames = List.copyOf(dnsNames);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("postern.identity.timeout must be longer than nothing");
        }
    }
}

package dev.postern.vault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The part of a service's identity that `postern.identity.bootstrap=vault` needs.
///
/// @param caCertificate PEM file of the platform's CA certificate, the one trust anchor
/// @param dnsNames names that the certificate carries beside the SPIFFE id
@ConfigurationProperties("postern.identity")
record VaultIdentityProperties(Path caCertificate, List<String> dnsNames, Vault vault) {
    private static final Duration SHORTEST = Duration.ofMinutes(2);
    /// The ledger of keys remembers a certificate for so long.
    private static final Duration LONGEST = Duration.ofHours(24);

    VaultIdentityProperties {
        dnsNames = List.copyOf(dnsNames);
    }

    /// @param role of the PKI engine; it signs this service's names and no others
    /// @param certificateTtl life of a certificate; it is renewed at half of it
    record Vault(String role, @DefaultValue("24h") Duration certificateTtl) {
        Vault {
            if (!role.matches("[a-z0-9][a-z0-9-]{0,62}")) {
                throw new IllegalArgumentException(
                        "postern.identity.vault.role is of lower-case letters, digits, hyphens");
            }
            if (certificateTtl.compareTo(SHORTEST) < 0 || certificateTtl.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("postern.identity.vault.certificate-ttl is from 2 min to 24 h");
            }
        }
    }
}

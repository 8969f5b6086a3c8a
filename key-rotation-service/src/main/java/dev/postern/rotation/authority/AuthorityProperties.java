package dev.postern.rotation.authority;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The platform CA.
///
/// @param kind `local`: its key is in this process, wrapped at rest; `vault-pki`: its key is at the Vault of
///     `postern.kms.vault`
/// @param certificateTtl life of a service's certificate; it is renewed at half of it
/// @param lifetime life of the CA certificate when it is made
/// @param hosts names that every certificate carries; `{service}` stands for the service's name
@ConfigurationProperties("postern.ca")
public record AuthorityProperties(
        @DefaultValue("local") Kind kind,
        @DefaultValue("24h") Duration certificateTtl,
        @DefaultValue("3650d") Duration lifetime,
        @DefaultValue({"localhost", "127.0.0.1"}) List<String> hosts) {
    enum Kind {
        LOCAL,
        VAULT_PKI
    }

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    /// A Vault backdates by half a minute, which must not eat up half of a life.
    private static final Duration SHORTEST_AT_VAULT = Duration.ofMinutes(2);

    public AuthorityProperties {
        hosts = List.copyOf(hosts);
        if (certificateTtl.compareTo(SHORTEST) < 0 || lifetime.compareTo(certificateTtl) < 0) {
            throw new IllegalArgumentException(
                    "postern.ca.certificate-ttl is at least 2 s and not longer than postern.ca.lifetime");
        }
        if (kind == Kind.VAULT_PKI && certificateTtl.compareTo(SHORTEST_AT_VAULT) < 0) {
            throw new IllegalArgumentException("postern.ca.certificate-ttl is at least 2 min with vault-pki");
        }
    }

    /// An operator's name is no host's.
    List<String> hostsOf(String workload) {
        return hosts.stream()
                .filter(host -> !workload.contains("/") || !host.contains("{service}"))
                .map(host -> host.replace("{service}", workload))
                .toList();
    }
}

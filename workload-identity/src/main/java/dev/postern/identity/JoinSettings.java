package dev.postern.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a workload gets its first certificate.
///
/// @param service name as in [TrustDomain#idOf], such as `token-service` or `operator/cli`
/// @param trustDomain such as `postern.local`
/// @param authority base address of the authority, `https` only
/// @param caCertificate PEM file with the anchor that the authority is checked against; nothing else is trusted
/// @param credential what proves the workload as long as it has no certificate
/// @param dnsNames DNS names and IPv4 literals to ask for; the authority decides
/// @param timeout longest wait for the files and the authority together
public record JoinSettings(
        String service,
        String trustDomain,
        URI authority,
        Path caCertificate,
        Credential credential,
        List<String> dnsNames,
        Duration timeout) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    public JoinSettings {
        dnsNames = List.copyOf(dnsNames);
        if (!"https".equals(authority.getScheme())) {
            throw new IllegalArgumentException("the identity authority is reached over https only");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the join timeout is longer than nothing");
        }
        var _ = new TrustDomain(trustDomain).idOf(service);
    }

    public URI spiffeId() {
        return new TrustDomain(trustDomain).idOf(service);
    }
}

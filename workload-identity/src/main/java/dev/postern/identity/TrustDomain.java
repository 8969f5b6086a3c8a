package dev.postern.identity;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// The names of a platform's workloads: `spiffe://<domain>/service/<name>`, and
/// `spiffe://<domain>/operator/<name>`.
public record TrustDomain(String name) {
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?");
    private static final Pattern WORKLOAD = Pattern.compile("(operator/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern SPIFFE =
            Pattern.compile("spiffe://[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?(/[A-Za-z0-9._-]{1,64}){1,4}");

    public TrustDomain {
        if (!DOMAIN.matcher(name).matches()) {
            throw new IllegalArgumentException("a trust domain is a lower-case DNS name");
        }
    }

    /// The id of a workload: `token-service` is a service, `operator/cli` an operator.
    ///
    /// @throws IllegalArgumentException if the name is neither form
    public URI idOf(String workload) {
        if (!WORKLOAD.matcher(workload).matches()) {
            throw new IllegalArgumentException("a workload is named like token-service or operator/cli");
        }
        String path = workload.startsWith("operator/") ? workload : "service/" + workload;
        return URI.create("spiffe://" + name + "/" + path);
    }

    /// The inverse of [#idOf]; nothing for ids of another domain or form.
    public Optional<String> workloadOf(URI spiffeId) {
        String prefix = "spiffe://" + name + "/";
        String text = spiffeId.toString();
        if (!text.startsWith(prefix)) {
            return Optional.empty();
        }
        String path = text.substring(prefix.length());
        String workload = path.startsWith("service/") ? path.substring("service/".length()) : path;
        return WORKLOAD.matcher(workload).matches() && idOf(workload).equals(spiffeId)
                ? Optional.of(workload)
                : Optional.empty();
    }

    static Optional<URI> spiffeId(String text) {
        // The pattern also keeps out user info, ports, queries, fragments, escapes and dot segments.
        return SPIFFE.matcher(text).matches() && !text.contains("/./") && !text.contains("/../")
                ? Optional.of(URI.create(text))
                : Optional.empty();
    }
}

package dev.postern.rotation.authority;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which service accounts of a Kubernetes cluster are which workloads. Without an issuer, none is.
///
/// @param issuer the cluster's, exactly as tokens name it in `iss`
/// @param jwksUri where the cluster publishes its keys, `https` only
/// @param caCertificate PEM file that `jwksUri` is checked against; nothing else is trusted there
/// @param tokenFile our own service account's token, where the cluster shows its keys to accounts only
/// @param audience that tokens must be for: a token made for anybody else, the API server above all, admits nobody
/// @param longestLife of a token; a legacy one that never expires admits nobody
/// @param accounts `namespace/name` of the service account, by the workload that it proves
@ConfigurationProperties("postern.ca.kubernetes")
public record KubernetesProperties(
        @DefaultValue("") String issuer,
        @Nullable URI jwksUri,

        @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
        Path caCertificate,

        @Nullable Path tokenFile,
        @DefaultValue("postern") String audience,
        @DefaultValue("24h") Duration longestLife,
        @DefaultValue Map<String, String> accounts) {
    public KubernetesProperties {
        accounts = Map.copyOf(accounts);
        if (!issuer.isEmpty() && (jwksUri == null || !"https".equals(jwksUri.getScheme()))) {
            throw new IllegalArgumentException("postern.ca.kubernetes.jwks-uri is an https address");
        }
        if (audience.isBlank() || longestLife.isNegative() || longestLife.isZero()) {
            throw new IllegalArgumentException(
                    "postern.ca.kubernetes needs an audience, and a longest-life above nothing");
        }
        accounts.forEach((workload, account) -> {
            if (!account.matches("[a-z0-9-]{1,63}/[a-z0-9.-]{1,253}")) {
                throw new IllegalArgumentException(
                        "postern.ca.kubernetes.accounts." + workload + " is written namespace/name");
            }
        });
    }
}

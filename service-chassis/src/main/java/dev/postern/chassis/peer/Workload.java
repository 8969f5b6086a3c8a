package dev.postern.chassis.peer;

import dev.postern.identity.TrustDomain;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/// Everybody of the platform who has an identity.
public enum Workload {
    GATEWAY("gateway-service"),
    TOKEN("token-service"),
    REDACTION("redaction-service"),
    RELAY("inference-relay"),
    AUDIT("audit-service"),
    ROTATION("key-rotation-service"),
    /// Whoever owns the platform's home directory.
    OPERATOR("operator/cli"),
    /// Reads metrics and health, and nothing else.
    MONITOR("operator/monitor");

    private final String name;

    Workload(String name) {
        this.name = name;
    }

    /// As [TrustDomain#idOf] takes it.
    public String workloadName() {
        return name;
    }

    public URI id(TrustDomain domain) {
        return domain.idOf(name);
    }

    /// Who that is, if it is one of us.
    public static Optional<Workload> of(TrustDomain domain, URI id) {
        return domain.workloadOf(id)
                .flatMap(name -> Arrays.stream(values())
                        .filter(workload -> workload.name.equals(name))
                        .findFirst());
    }
}

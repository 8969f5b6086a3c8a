package dev.postern.gateway.relay;

import dev.postern.identity.WorkloadIdentity;
import java.net.URI;

/// The services that this one calls, by the identity each must prove.
enum PlatformPeer {
    RELAY("inference-relay"),
    TOKEN_SERVICE("token-service");

    private final String service;

    PlatformPeer(String service) {
        this.service = service;
    }

    /// The peer's SPIFFE id in our own trust domain.
    URI of(WorkloadIdentity identity) {
        URI self = identity.current().spiffeId();
        return URI.create(self.getScheme() + "://" + self.getAuthority() + "/service/" + service);
    }

    String service() {
        return service;
    }
}

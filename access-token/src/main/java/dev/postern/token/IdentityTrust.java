package dev.postern.token;

import dev.postern.identity.WorkloadIdentity;
import java.security.cert.X509Certificate;
import java.util.Collection;

/// Whose signatures count, at each moment.
@FunctionalInterface
public interface IdentityTrust {
    /// The platform's trust anchors.
    Collection<X509Certificate> anchors();

    /// Whether what the key of this certificate signed is refused, whatever its chain. Nothing is by default.
    default boolean denies(X509Certificate leaf) {
        return false;
    }

    /// As this workload trusts its peers.
    static IdentityTrust of(WorkloadIdentity identity) {
        return new IdentityTrust() {
            @Override
            public Collection<X509Certificate> anchors() {
                return identity.current().anchors();
            }

            @Override
            public boolean denies(X509Certificate leaf) {
                return identity.denies(leaf);
            }
        };
    }
}

package dev.postern.identity;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// One generation of an identity: name, key, chain (leaf first) and the anchors that its peers are checked against.
/// The private key is used by the TLS stack in this process and is never printed.
public record IdentityDocument(
        URI spiffeId, PrivateKey privateKey, List<X509Certificate> chain, List<X509Certificate> anchors) {
    public IdentityDocument {
        chain = List.copyOf(chain);
        anchors = List.copyOf(anchors);
        if (chain.isEmpty() || anchors.isEmpty()) {
            throw new IllegalArgumentException("an identity has a leaf and at least one anchor");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /// Half of the certificate's life: early enough for many tries, late enough to be rare.
    public Instant renewAt() {
        return leaf().getNotBefore().toInstant().plus(lifetime().dividedBy(2));
    }

    Duration lifetime() {
        return Duration.between(leaf().getNotBefore().toInstant(), notAfter());
    }

    boolean expiredAt(Instant now) {
        return now.isAfter(notAfter());
    }

    @Override
    public String toString() {
        return "IdentityDocument[" + spiffeId + ", serial "
                + leaf().getSerialNumber().toString(16) + ", until " + notAfter() + "]";
    }
}

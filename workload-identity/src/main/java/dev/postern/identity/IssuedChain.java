package dev.postern.identity;

import java.security.cert.X509Certificate;
import java.util.List;

/// What an authority answers: the certificate chain, leaf first and without the anchor, and the anchors to trust
/// from now on.
public record IssuedChain(List<X509Certificate> chain, List<X509Certificate> anchors) {
    public IssuedChain {
        chain = List.copyOf(chain);
        anchors = List.copyOf(anchors);
        if (chain.isEmpty() || anchors.isEmpty()) {
            throw new IllegalArgumentException("an issued chain has a leaf and at least one anchor");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }
}

package dev.postern.cli.sealed;

import dev.postern.session.ProofKey;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;

/// What it takes to open a session at a relay.
///
/// @param relay such as `https://localhost:8743`
/// @param tls as a peer that the relay admits
/// @param anchors what the relay's key configuration is checked against
/// @param token for the relay's audience, bound to `proofKey`
public record RelayAccess(
        URI relay,
        SSLContext tls,
        List<X509Certificate> anchors,
        String clientId,
        String tenant,
        String token,
        ProofKey proofKey,
        Clock clock) {
    static final URI IDENTITY = URI.create("spiffe://postern.local/service/inference-relay");
    static final String AUDIENCE = "urn:postern:relay";

    public RelayAccess {
        anchors = List.copyOf(anchors);
    }

    @Override
    public String toString() {
        return "RelayAccess[" + relay + ", " + clientId + "]";
    }
}

package dev.postern.client;

import dev.postern.session.ProofKey;
import dev.postern.session.Suite;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/// Who we are, and whom we expect at the other end.
///
/// @param gateway an `https` address; its path is not used
/// @param anchors what a relay's certificate chain ends in
/// @param relayId the relays' SPIFFE id
record Access(
        URI gateway,
        List<X509Certificate> anchors,
        URI relayId,
        String relayAudience,
        String clientId,
        String tenant,
        List<Suite> suites,
        ProofKey proofKey,
        TokenSource tokens) {
    Access {
        if (!"https".equals(gateway.getScheme()) || gateway.getHost() == null) {
            // The bearer token to the gateway travels outside the seal.
            throw new IllegalArgumentException("a gateway has an https address");
        }
        if (anchors.isEmpty() || suites.isEmpty()) {
            throw new IllegalArgumentException("at least one anchor and one suite");
        }
        anchors = List.copyOf(anchors);
        suites = List.copyOf(suites);
    }

    Token gatewayToken() throws PosternFailure, InterruptedException {
        try {
            return tokens.gateway();
        } catch (TokenRefused _) {
            throw new PosternFailure.Reauthenticate();
        } catch (IOException _) {
            throw new PosternFailure.Unavailable();
        }
    }

    Token relayToken() throws PosternFailure, InterruptedException {
        try {
            return tokens.relay(proofKey);
        } catch (TokenRefused _) {
            throw new PosternFailure.Reauthenticate();
        } catch (IOException _) {
            throw new PosternFailure.Unavailable();
        }
    }
}

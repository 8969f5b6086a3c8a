package dev.postern.cli.sealed;

import dev.postern.cli.terminal.Failure;
import dev.postern.session.ClientOffer;
import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigRejected;
import dev.postern.session.KeyConfigVerifier;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A relay as it has signed it itself, whoever handed it on, with a challenge.
public record PublishedRelay(KeyConfig config, String challenge) {
    /// One of the `relays` of a key-configuration answer.
    ///
    /// @param anchors what its signature is checked against
    /// @throws Failure when it does not verify
    public static PublishedRelay of(JsonNode relay, List<X509Certificate> anchors, Clock clock) {
        try {
            KeyConfig config = new KeyConfigVerifier(anchors, RelayAccess.IDENTITY, RelayAccess.AUDIENCE, clock)
                    .verify(relay.path("key_config").asString(""));
            return new PublishedRelay(config, relay.path("challenge").asString(""));
        } catch (KeyConfigRejected e) {
            throw new Failure("The relay's key configuration was rejected: " + e.reason(), e);
        }
    }

    /// Names the key to seal to, in the address of the WebSocket.
    public String keyId() {
        return config.choose(ClientOffer.DEFAULT_SUITES)
                .orElseThrow(() -> new Failure("The relay offers no suite that this client permits."))
                .id()
                .toString();
    }

    /// What a handshake begins with.
    ///
    /// @param proofKey the key that the token in `parameters` is bound to
    public ClientOffer offer(OpenParameters parameters, ProofKey proofKey) {
        return new ClientOffer(config, ClientOffer.DEFAULT_SUITES, challenge, parameters, proofKey);
    }
}

package dev.postern.session;

import java.util.List;

/// What a client brings to a handshake.
///
/// @param relay a verified key configuration
/// @param suites the suites this client permits, best first; there is no fallback beyond them
/// @param challenge the relay's fresh challenge, from next to its configuration or from the last ACCEPT
/// @param parameters what it asks for
/// @param proofKey the key its token is bound to
public record ClientOffer(
        KeyConfig relay, List<Suite> suites, String challenge, OpenParameters parameters, ProofKey proofKey) {
    /// What a client permits unless it was told otherwise.
    public static final List<Suite> DEFAULT_SUITES = List.of(Suite.X_WING);

    public ClientOffer {
        suites = List.copyOf(suites);
    }
}

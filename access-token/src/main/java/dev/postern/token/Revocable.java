package dev.postern.token;

import java.time.Instant;
import java.util.List;

/// What of a token can be taken back: everything a revocation may name. Tokens themselves, and callers that somebody
/// else speaks for, are.
public interface Revocable {
    /// `jti`.
    String tokenId();

    /// `kid` of the key that signed the token.
    String keyId();

    /// `sid`: all tokens that descend from one.
    String sessionId();

    String clientId();

    String subject();

    String tenant();

    /// Who acts for the subject, the latest first; a revoked actor takes the token with it.
    List<String> actors();

    Instant issuedAt();

    /// Version of the policy set that it was issued under.
    long policyEpoch();
}

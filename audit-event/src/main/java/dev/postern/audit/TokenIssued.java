package dev.postern.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// An access token left the token-service. The token itself is never recorded, only its `jti` and what it allows.
///
/// @param keyId    the `kid` that signed it: the thread from a compromised key to everything it signed
/// @param grant    the OAuth grant, for example `client_credentials`
/// @param binding  `none`, `dpop` or `mtls`
/// @param use      the `token_use`, for example `inference`
/// @param sessionId `sid`: the thread from one token to all that were exchanged from it
/// @param subjectTokenId for an exchange, the `jti` of the token it was made from, or a hash of a foreign one
public record TokenIssued(
        String tokenId,
        String keyId,
        String clientId,
        String tenant,
        Set<String> scopes,
        Set<String> audience,
        String grant,
        String binding,
        String use,
        String sessionId,
        Optional<String> subjectTokenId,
        Instant expiresAt)
        implements AuditEvent {

    public TokenIssued {
        tokenId = EventText.bounded(tokenId);
        keyId = EventText.bounded(keyId);
        clientId = EventText.bounded(clientId);
        tenant = EventText.bounded(tenant);
        scopes = EventText.bounded(scopes);
        audience = EventText.bounded(audience);
        grant = EventText.bounded(grant);
        binding = EventText.bounded(binding);
        use = EventText.bounded(use);
        sessionId = EventText.bounded(sessionId);
        subjectTokenId = EventText.bounded(subjectTokenId);
    }
}

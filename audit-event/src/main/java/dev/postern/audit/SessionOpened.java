package dev.postern.audit;

/// A sealed session was established.
///
/// @param relayKeyId  the relay's HPKE key
/// @param suite       the cipher suite's name
/// @param tokenId     the `jti` of the token that opened it
/// @param keyId       the `kid` that signed that token
public record SessionOpened(
        String sessionId, String relayKeyId, String suite, String clientId, String tenant, String tokenId, String keyId)
        implements AuditEvent {

    public SessionOpened {
        sessionId = EventText.bounded(sessionId);
        relayKeyId = EventText.bounded(relayKeyId);
        suite = EventText.bounded(suite);
        clientId = EventText.bounded(clientId);
        tenant = EventText.bounded(tenant);
        tokenId = EventText.bounded(tokenId);
        keyId = EventText.bounded(keyId);
    }
}

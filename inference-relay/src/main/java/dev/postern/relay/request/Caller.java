package dev.postern.relay.request;

import java.time.Instant;
import java.util.Set;

/// On whose behalf a request runs: the session's own token, or the claims a delegating gateway carries for its
/// client.
///
/// @param tokenId `jti` of the token the client showed
/// @param expiresAt no answer outlives this moment
public record Caller(
        String clientId,
        String tenant,
        String subject,
        String tokenId,
        String keyId,
        Set<String> scopes,
        Instant expiresAt) {
    /// The scope every model request needs.
    public static final String INVOKE = "llm:invoke";

    /// The scope that lets a session speak for other callers.
    public static final String DELEGATE = "llm:delegate";

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /// Whether this caller may use models at `now`.
    public boolean mayInvoke(Instant now) {
        return scopes.contains(INVOKE) && now.isBefore(expiresAt);
    }
}

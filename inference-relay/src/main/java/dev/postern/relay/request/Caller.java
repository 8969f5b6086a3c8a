package dev.postern.relay.request;

import dev.postern.token.AccessToken;
import dev.postern.token.Revocable;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// On whose behalf a request runs: the session's own token, or the claims a delegating gateway carries for its
/// client.
///
/// @param actors who acts for the subject, the latest first
/// @param tokenId `jti` of the token the client showed
/// @param sessionId its `sid`
/// @param expiresAt no answer outlives this moment
/// @param policyEpoch under which the token was issued; [#JUDGED_ELSEWHERE] for a delegated caller
public record Caller(
        String clientId,
        String tenant,
        String subject,
        List<String> actors,
        String tokenId,
        String sessionId,
        String keyId,
        Set<String> scopes,
        Instant issuedAt,
        Instant expiresAt,
        long policyEpoch)
        implements Revocable {
    /// The scope every model request needs.
    public static final String INVOKE = "llm:invoke";

    /// The scope that lets a session speak for other callers.
    public static final String DELEGATE = "llm:delegate";

    /// No policy is newer: the gateway that delegates judges its callers by policy, and judges them again.
    public static final long JUDGED_ELSEWHERE = Long.MAX_VALUE;

    public Caller {
        actors = List.copyOf(actors);
        scopes = Set.copyOf(scopes);
    }

    /// The client that the session's token names.
    public static Caller of(AccessToken token) {
        return new Caller(
                token.clientId(),
                token.tenant(),
                token.subject(),
                token.actors(),
                token.tokenId(),
                token.sessionId(),
                token.keyId(),
                token.scopes(),
                token.issuedAt(),
                token.expiresAt(),
                token.policyEpoch());
    }

    /// Whether this caller may use models at `now`.
    public boolean mayInvoke(Instant now) {
        return scopes.contains(INVOKE) && now.isBefore(expiresAt);
    }
}

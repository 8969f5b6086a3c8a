package dev.postern.sts.revocation;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.TokenRefused;
import dev.postern.sts.clientauth.AuthenticatedClient;
import dev.postern.sts.clientauth.TokenForm;
import dev.postern.sts.introspection.IssuedTokens;
import dev.postern.token.AccessToken;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import dev.postern.trust.Revocation.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /oauth2/revoke` (RFC 7009): a client gives up its own tokens. The token that began a session takes it with it,
/// and so all that was exchanged from it.
///
/// A client that gives up more than there is room for is told to come back (503, RFC 7009 section 2.2.1): its tokens
/// end by themselves within minutes, and what others revoke has room of its own.
///
/// What is not its own, or no token at all, is answered as if it was revoked: the answer tells nothing about tokens
/// that are none of the caller's business.
@RestController
final class RevocationEndpoint {

    private final IssuedTokens tokens;
    private final Revocations revocations;
    private final AuditTrail trail;

    RevocationEndpoint(IssuedTokens tokens, Revocations revocations, AuditTrail trail) {
        this.tokens = tokens;
        this.revocations = revocations;
        this.trail = trail;
    }

    @PostMapping("/oauth2/revoke")
    ResponseEntity<Map<String, Object>> revoke(HttpServletRequest request) {
        Optional<String> caller = AuthenticatedClient.id();
        Optional<String> token = TokenForm.token(request);
        if (caller.isEmpty() || token.isEmpty()) {
            return ResponseEntity.badRequest()
                    .cacheControl(CacheControl.noStore())
                    .body(Map.of("error", "invalid_request"));
        }
        try {
            AccessToken known = tokens.verify(token.get());
            if (known.clientId().equals(caller.get())) {
                boolean root = known.tokenId().equals(known.sessionId());
                var given = revocations.giveUp(
                        root ? Kind.SESSION : Kind.TOKEN, root ? known.sessionId() : known.tokenId(), caller.get());
                if (given.isEmpty()) {
                    var _ = trail.record(new TokenRefused("revocation-too-many", caller, 1));
                    return later("60");
                }
            } else {
                var _ = trail.record(new TokenRefused("revocation-of-anothers", caller, 1));
            }
        } catch (TokenRejected rejected) {
            if (rejected.reason() == Reason.REVOCATION_UNKNOWN) {
                return later("1");
            }
        }
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).build();
    }

    private static ResponseEntity<Map<String, Object>> later(String seconds) {
        return ResponseEntity.status(503)
                .cacheControl(CacheControl.noStore())
                .header("Retry-After", seconds)
                .body(Map.of("error", "temporarily_unavailable"));
    }
}

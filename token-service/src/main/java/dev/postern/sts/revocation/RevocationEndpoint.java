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

/// `POST /oauth2/revoke` (RFC 7009): a client gives up its own tokens. A token that was not exchanged from another
/// takes
/// its session with it, and so all that was exchanged from it.
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
                boolean root = known.actors().isEmpty() && known.subject().equals(known.clientId());
                var _ = revocations.revoke(
                        root ? Kind.SESSION : Kind.TOKEN,
                        root ? known.sessionId() : known.tokenId(),
                        "given-up",
                        caller.get());
            } else {
                var _ = trail.record(new TokenRefused("revocation-of-anothers", caller, 1));
            }
        } catch (TokenRejected rejected) {
            if (rejected.reason() == Reason.REVOCATION_UNKNOWN) {
                return ResponseEntity.status(503)
                        .cacheControl(CacheControl.noStore())
                        .header("Retry-After", "1")
                        .body(Map.of("error", "temporarily_unavailable"));
            }
        }
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).build();
    }
}

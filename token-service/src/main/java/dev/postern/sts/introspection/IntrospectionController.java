package dev.postern.sts.introspection;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Clients;
import dev.postern.sts.clientauth.AuthenticatedClient;
import dev.postern.sts.clientauth.TokenForm;
import dev.postern.sts.issuance.ActorClaim;
import dev.postern.token.AccessToken;
import dev.postern.token.IpRange;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// `POST /oauth2/introspect`, for resource servers with long-lived sessions: clients registered with the scope
/// `token:introspect`, about tokens for the audiences they are registered with.
///
/// Everything else - expired, revoked, forged, for another audience, no token at all - is `{"active":false}`, so that
/// the answers tell nothing about tokens that are none of the caller's business. With
/// `Accept: application/token-introspection+jwt` the answer is signed for the caller (RFC 9701).
@RestController
final class IntrospectionController {

    static final String PERMISSION = "token:introspect";

    private static final MediaType SIGNED = MediaType.parseMediaType("application/token-introspection+jwt");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clients clients;
    private final IssuedTokens tokens;
    private final IntrospectionSigner signer;
    private final String issuer;
    private final MeterRegistry metrics;

    IntrospectionController(Clients clients, IssuedTokens tokens, IntrospectionSigner signer, MeterRegistry metrics) {
        this.clients = clients;
        this.tokens = tokens;
        this.signer = signer;
        this.issuer = signer.issuer();
        this.metrics = metrics;
    }

    @PostMapping("/oauth2/introspect")
    ResponseEntity<String> introspect(HttpServletRequest request) {
        Optional<ClientRegistration> caller = AuthenticatedClient.id().flatMap(clients::find);
        if (caller.filter(client -> client.scopes().contains(PERMISSION)).isEmpty()) {
            return error(403, "access_denied");
        }
        Optional<String> token = TokenForm.token(request);
        if (token.isEmpty()) {
            return error(400, "invalid_request");
        }
        try {
            Map<String, Object> answer = about(token.get(), caller.get());
            metrics.counter("postern.introspections", "active", String.valueOf(answer.get("active")))
                    .increment();
            return wantsSigned(request) ? signed(answer, caller.get()) : plain(answer);
        } catch (TokenRejected _) {
            return error(503, "temporarily_unavailable");
        }
    }

    /// @throws TokenRejected only when nobody can say
    private Map<String, Object> about(String compact, ClientRegistration caller) throws TokenRejected {
        try {
            AccessToken token = tokens.verify(compact);
            return caller.audiences().containsAll(token.audience()) ? active(token) : Map.of("active", false);
        } catch (TokenRejected rejected) {
            if (rejected.reason() == Reason.REVOCATION_UNKNOWN) {
                throw rejected;
            }
            return Map.of("active", false);
        }
    }

    private Map<String, Object> active(AccessToken token) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.put("iss", issuer);
        answer.put("sub", token.subject());
        answer.put("aud", token.audience().iterator().next());
        answer.put("client_id", token.clientId());
        answer.put("tenant", token.tenant());
        answer.put("token_use", token.use().wireName());
        answer.put("token_type", token.dpopThumbprint().isPresent() ? "DPoP" : "Bearer");
        answer.put("sid", token.sessionId());
        answer.put("jti", token.tokenId());
        answer.put("iat", token.issuedAt().getEpochSecond());
        answer.put("exp", token.expiresAt().getEpochSecond());
        answer.put("scope", String.join(" ", new TreeSet<>(token.scopes())));
        token.dpopThumbprint().ifPresent(thumbprint -> answer.put("cnf", Map.of("jkt", thumbprint)));
        token.certificateThumbprint().ifPresent(thumbprint -> answer.put("cnf", Map.of("x5t#S256", thumbprint)));
        token.clearance().ifPresent(clearance -> answer.put("clearance", clearance));
        token.uses().ifPresent(uses -> answer.put("uses", uses));
        if (!token.binding().networks().isEmpty()) {
            answer.put(
                    "net",
                    token.binding().networks().stream().map(IpRange::toString).toList());
        }
        if (!token.roles().isEmpty()) {
            answer.put("roles", List.copyOf(new TreeSet<>(token.roles())));
        }
        if (!token.actors().isEmpty()) {
            answer.put("act", ActorClaim.of(token.actors()));
        }
        if (!token.details().isEmpty()) {
            answer.put(
                    "authorization_details",
                    token.details().stream().map(detail -> detail.toMembers()).toList());
        }
        return answer;
    }

    private static boolean wantsSigned(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.toLowerCase(java.util.Locale.ROOT).contains(SIGNED.toString());
    }

    private ResponseEntity<String> signed(Map<String, Object> answer, ClientRegistration caller) {
        return signer.sign(answer, caller.clientId())
                .map(jwt -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .contentType(SIGNED)
                        .body(jwt))
                .orElseGet(() -> error(503, "temporarily_unavailable"));
    }

    private static ResponseEntity<String> plain(Map<String, Object> answer) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON)
                .body(JSON.writeValueAsString(answer));
    }

    private static ResponseEntity<String> error(int status, String code) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON);
        if (status == 503) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(JSON.writeValueAsString(Map.of("error", code)));
    }
}

package dev.postern.sts.issuance;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.TokenRefused;
import dev.postern.sts.client.Clients;
import dev.postern.sts.clientauth.AuthenticatedClient;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.refusal.Refused;
import dev.postern.token.DpopNonces;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/// The one place where the token endpoint says no: recorded, counted, and answered with the OAuth error code alone.
/// Which check of an assertion failed is for the audit trail; the caller learns `invalid_client`.
final class TokenRefusals implements AuthenticationFailureHandler, AuthenticationEntryPoint {

    private final AuditTrail trail;
    private final Clients clients;
    private final IssuanceMetrics metrics;
    private final DpopNonces nonces;

    TokenRefusals(AuditTrail trail, Clients clients, IssuanceMetrics metrics, DpopNonces nonces) {
        this.trail = trail;
        this.clients = clients;
        this.metrics = metrics;
        this.nonces = nonces;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        refuse(request, response, failure);
    }

    /// A request without any client authentication.
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        refuse(request, response, failure);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        Refusal refusal = switch (failure) {
            case Refused refused -> refused.refusal();
            case OAuth2AuthenticationException oauth ->
                Refusal.of(oauth.getError().getErrorCode());
            default -> Refusal.INVALID_CLIENT;
        };
        String reason = failure instanceof Refused refused ? refused.reason() : refusal.code();
        metrics.refused(refusal);
        // A refusal needs no durable record before it takes effect: it gives nothing away.
        var _ = trail.record(new TokenRefused(reason, registeredClient(request), 1));
        response.setStatus(refusal.status());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (refusal == Refusal.USE_DPOP_NONCE) {
            response.setHeader("DPoP-Nonce", nonces.current());
        }
        if (refusal == Refusal.TEMPORARILY_UNAVAILABLE) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        response.getOutputStream().write(("{\"error\":\"" + refusal.code() + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /// What the caller claims to be is recorded only if there is such a client.
    private Optional<String> registeredClient(HttpServletRequest request) {
        Optional<String> proven = AuthenticatedClient.id();
        if (proven.isPresent()) {
            return proven;
        }
        try {
            return Optional.ofNullable(request.getParameter("client_id"))
                    .filter(clientId -> clients.find(clientId).isPresent());
        } catch (DataAccessException _) {
            return Optional.empty();
        }
    }
}

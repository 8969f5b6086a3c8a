package dev.postern.sts.issuance;

import dev.postern.sts.issuance.TokenMint.Minted;
import dev.postern.token.DpopNonces;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import tools.jackson.databind.json.JsonMapper;

/// The answer that carries a token (RFC 6749 section 5.1, RFC 8693 section 2.2.1, RFC 9396 section 7), and the nonce
/// for the client's next proof (RFC 9449 section 8.2).
final class TokenResponses implements AuthenticationSuccessHandler {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DpopNonces nonces;

    TokenResponses(DpopNonces nonces) {
        this.nonces = nonces;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        Minted minted = ((IssuedToken) authentication).minted();
        Grant grant = minted.grant();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", minted.compact());
        answer.put("token_type", minted.binding().tokenType());
        answer.put("expires_in", grant.lifetime().toSeconds());
        answer.put("scope", TokenMint.scope(grant));
        if (!grant.details().isEmpty()) {
            answer.put("authorization_details", TokenMint.details(grant));
        }
        if (grant.subjectTokenId().isPresent()) {
            answer.put("issued_token_type", TokenParameters.ACCESS_TOKEN_TYPE);
        }
        if (minted.binding() instanceof TokenBinding.Dpop) {
            response.setHeader("DPoP-Nonce", nonces.current());
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(HttpHeaders.PRAGMA, "no-cache");
        byte[] body = JSON.writeValueAsBytes(answer);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}

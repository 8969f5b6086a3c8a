package dev.postern.sts.clientauth;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Takes the certificate that TLS has verified against the platform's anchors.
///
/// The stock converter takes a chain of one certificate for a self-signed one; workload chains leave the anchor out.
final class WorkloadCertificateConverter implements AuthenticationConverter {

    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        String[] clientIds = request.getParameterValues("client_id");
        if (!(request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain)
                || chain.length == 0
                || clientIds == null) {
            return null;
        }
        if (clientIds.length != 1 || clientIds[0].isBlank()) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_REQUEST);
        }
        return new OAuth2ClientAuthenticationToken(
                clientIds[0], ClientAuthenticationMethod.TLS_CLIENT_AUTH, chain, Map.of());
    }
}

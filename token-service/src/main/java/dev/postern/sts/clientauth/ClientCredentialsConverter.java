package dev.postern.sts.clientauth;

import dev.postern.sts.refusal.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Finds the one way in which a request proves its client: an assertion, a password, or the connection's certificate.
/// Two at once are refused (RFC 6749 section 2.3); a certificate beside an assertion only binds the token.
final class ClientCredentialsConverter implements AuthenticationConverter {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final String BASIC = "Basic ";
    private static final int MAX_SECRET = 256;

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        Optional<String> assertion = parameter(request, "client_assertion");
        Optional<String> clientId = parameter(request, "client_id");
        Optional<Credential> password = password(request, clientId);
        if (assertion.isPresent() && password.isPresent()) {
            throw Refusal.INVALID_REQUEST.because("client-two-methods");
        }
        Connection connection = Connection.of(request);
        if (assertion.isPresent()) {
            if (!parameter(request, "client_assertion_type").equals(Optional.of(ASSERTION_TYPE))) {
                throw Refusal.INVALID_REQUEST.because("client-assertion-type");
            }
            return new PresentedClient(new Credential.Assertion(assertion.get(), clientId), connection);
        }
        if (password.isPresent()) {
            return new PresentedClient(password.get(), connection);
        }
        return clientId.isPresent() && !connection.chain().isEmpty()
                ? new PresentedClient(new Credential.Certificate(clientId.get()), connection)
                : null;
    }

    private static Optional<Credential> password(HttpServletRequest request, Optional<String> clientId) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        Optional<String> posted = parameter(request, "client_secret");
        if (headers.isEmpty()) {
            return posted.flatMap(secret -> clientId.map(id -> new Credential.Password(id, bounded(secret))));
        }
        String header = headers.getFirst();
        if (headers.size() > 1 || posted.isPresent() || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw Refusal.INVALID_CLIENT.because("client-authorization-header");
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 1) {
                throw Refusal.INVALID_CLIENT.because("client-authorization-header");
            }
            // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
            return Optional.of(new Credential.Password(
                    URLDecoder.decode(pair.substring(0, colon), StandardCharsets.UTF_8),
                    bounded(URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8))));
        } catch (IllegalArgumentException _) {
            throw Refusal.INVALID_CLIENT.because("client-authorization-header");
        }
    }

    private static String bounded(String secret) {
        if (secret.length() > MAX_SECRET) {
            throw Refusal.INVALID_CLIENT.because("client-secret");
        }
        return secret;
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.length != 1 || values[0].isBlank()) {
            throw Refusal.INVALID_REQUEST.because("client-parameter");
        }
        return Optional.of(values[0]);
    }
}

package dev.postern.sts.issuance;

import dev.postern.sts.refusal.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Reads a `client_credentials` request: form parameters only (a query would end up in logs), each at most once.
///
/// The stock converter's DPoP check is left aside: it takes the proof's target from the Host header, and keeps used
/// proofs by `jti` alone, so that one client can burn another's.
final class TokenRequestConverter implements AuthenticationConverter {

    private static final int MAX_LENGTH = 1024;

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        if (request.getQueryString() != null) {
            throw Refusal.INVALID_REQUEST.exception();
        }
        if (!"client_credentials".equals(request.getParameter("grant_type"))) {
            return null;
        }
        Authentication client = SecurityContextHolder.getContext().getAuthentication();
        if (client == null) {
            throw Refusal.INVALID_CLIENT.exception();
        }
        return new TokenRequest(
                client,
                scopes(parameter(request, "scope").orElse("")),
                parameter(request, "resource"),
                dpopProof(request));
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.length != 1 || values[0].length() > MAX_LENGTH) {
            throw ("resource".equals(name) ? Refusal.INVALID_TARGET : Refusal.INVALID_REQUEST).exception();
        }
        return Optional.of(values[0]).filter(value -> !value.isEmpty());
    }

    private static Set<String> scopes(String scope) {
        Set<String> scopes = new LinkedHashSet<>(Arrays.asList(scope.split(" ", -1)));
        scopes.remove("");
        return scopes;
    }

    private static Optional<String> dpopProof(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("DPoP"));
        if (headers.size() > 1) {
            throw Refusal.INVALID_DPOP_PROOF.exception();
        }
        return headers.stream().findFirst();
    }
}

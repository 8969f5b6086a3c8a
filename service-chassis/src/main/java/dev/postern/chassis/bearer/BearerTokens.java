package dev.postern.chassis.bearer;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.TokenRejected;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Map;

/// The bearer token of a servlet request (RFC 6750).
///
/// Default deny: exactly one `Authorization: Bearer` header with a valid token of this service's audience. A
/// sender-bound token is refused, because a plain bearer does not prove its key.
public final class BearerTokens {
    private static final String SCHEME = "Bearer ";

    private final AccessTokenVerifier verifier;

    public BearerTokens(AccessTokenVerifier verifier) {
        this.verifier = verifier;
    }

    /// The verified token.
    ///
    /// @throws ProblemException 401 without a valid token, 403 when it lacks the scope
    public AccessToken require(HttpServletRequest request, String scope) {
        AccessToken token = verified(request);
        if (!token.hasScope(scope)) {
            throw refusal(Problem.SCOPE_MISSING, "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
        }
        return token;
    }

    private AccessToken verified(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders("Authorization");
        if (!headers.hasMoreElements()) {
            throw refusal(Problem.TOKEN_REQUIRED, "Bearer");
        }
        String header = headers.nextElement();
        if (headers.hasMoreElements() || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw invalid();
        }
        try {
            AccessToken token =
                    verifier.verify(header.substring(SCHEME.length()).strip());
            if (token.dpopThumbprint().isPresent()
                    || token.certificateThumbprint().isPresent()) {
                throw invalid();
            }
            return token;
        } catch (TokenRejected e) {
            throw invalid();
        }
    }

    private static ProblemException invalid() {
        return refusal(Problem.TOKEN_REQUIRED, "Bearer error=\"invalid_token\"");
    }

    private static ProblemException refusal(Problem problem, String challenge) {
        return new ProblemException(problem, Map.of("WWW-Authenticate", challenge));
    }
}

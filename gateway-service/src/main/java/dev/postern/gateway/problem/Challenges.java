package dev.postern.gateway.problem;

import dev.postern.token.Presentation.Scheme;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/// `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1).
///
/// The scheme that was used carries the error. Who sent nothing, or a plain bearer, also reads that `DPoP` exists;
/// who used `DPoP` is not led back to the weaker scheme.
public final class Challenges {
    private static final String ATTRIBUTE = Challenges.class.getName();
    private static final String BEARER = "Bearer realm=\"postern\"";
    private static final String DPOP = "DPoP realm=\"postern\"";
    private static final String ALGORITHMS = ", algs=\"ES256\"";

    private Challenges() {}

    /// Notes the scheme of a request's credentials.
    public static void presented(ServerWebExchange exchange, Scheme scheme) {
        exchange.getAttributes().put(ATTRIBUTE, scheme);
    }

    static void add(ServerWebExchange exchange, Failure failure, HttpHeaders headers) {
        if (failure.status() != 401 && failure != Failure.SCOPE_MISSING && failure != Failure.TOKEN_AMBIGUOUS) {
            return;
        }
        String error = error(failure).map(code -> ", error=\"" + code + '"').orElse("")
                + (failure == Failure.SCOPE_MISSING ? ", scope=\"llm:invoke\"" : "");
        if (exchange.getAttribute(ATTRIBUTE) == Scheme.DPOP) {
            headers.add(HttpHeaders.WWW_AUTHENTICATE, DPOP + error + ALGORITHMS);
        } else {
            headers.add(HttpHeaders.WWW_AUTHENTICATE, BEARER + error);
            headers.add(HttpHeaders.WWW_AUTHENTICATE, DPOP + ALGORITHMS);
        }
    }

    private static Optional<String> error(Failure failure) {
        return switch (failure) {
            case TOKEN_MISSING -> Optional.empty();
            case TOKEN_AMBIGUOUS -> Optional.of("invalid_request");
            case SCOPE_MISSING -> Optional.of("insufficient_scope");
            case PROOF_MISSING, PROOF_INVALID, PROOF_REPLAYED -> Optional.of("invalid_dpop_proof");
            case PROOF_NONCE -> Optional.of("use_dpop_nonce");
            default -> Optional.of("invalid_token");
        };
    }
}

package dev.postern.sts.clientauth;

import dev.postern.token.AccessTokenVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// The form that revocation and introspection take (RFC 7009 section 2.1, RFC 7662 section 2.1).
public final class TokenForm {

    private TokenForm() {}

    /// The token asked about; nothing unless there is exactly one, of a bearable length, and no query: that would end
    /// up in logs. The hint is not needed: there is one kind of token.
    public static Optional<String> token(HttpServletRequest request) {
        String[] tokens = request.getParameterValues("token");
        return request.getQueryString() == null
                        && tokens != null
                        && tokens.length == 1
                        && !tokens[0].isBlank()
                        && tokens[0].length() <= 2 * AccessTokenVerifier.MAX_LENGTH
                ? Optional.of(tokens[0])
                : Optional.empty();
    }
}

package dev.postern.sts.issuance;

import dev.postern.sts.exchange.SubjectToken;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.TokenUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What a token request asks for; nothing is granted yet.
///
/// @param audience the one asked for (RFC 8707 `resource`, RFC 8693 `audience`)
/// @param lifetime `expires_in`: may shorten a token's life
/// @param uses how often a capability may be used
/// @param details `authorization_details` (RFC 9396)
/// @param subject what is to be exchanged; empty for `client_credentials`
/// @param dpopProof the header, unverified
record TokenParameters(
        Set<String> scopes,
        Optional<String> audience,
        Optional<TokenUse> use,
        Optional<Duration> lifetime,
        OptionalInt uses,
        List<AuthorizationDetail> details,
        Optional<SubjectToken> subject,
        Optional<String> dpopProof) {

    static final String CLIENT_CREDENTIALS = "client_credentials";
    static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

    TokenParameters {
        scopes = Set.copyOf(scopes);
        details = List.copyOf(details);
    }

    String grantType() {
        return subject.isPresent() ? TOKEN_EXCHANGE : CLIENT_CREDENTIALS;
    }
}

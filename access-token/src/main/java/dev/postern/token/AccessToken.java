package dev.postern.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The claims of a verified access token (RFC 9068).
///
/// It holds nothing secret: the compact token itself is not kept, so printing or logging this record leaks no
/// credential.
///
/// @param tokenId `jti`
/// @param keyId the `kid` of the signing key
/// @param sessionId `sid`: shared by all tokens that were exchanged from one; revoking it ends them all
/// @param tenant whose data the client works on
/// @param actors `act`, nearest first: who acts for the subject (RFC 8693 section 4.1)
/// @param roles by which policy knows the client
/// @param policyEpoch under which the token was issued
/// @param details what `authorization_details` narrows the scopes to
/// @param uses how often the token may be used at all; only capability tokens are counted
/// @param clearance the most sensitive data that the client may send, by policy's name for it; policy says what it is
///     when the token does not
public record AccessToken(
        String tokenId,
        String keyId,
        TokenUse use,
        String sessionId,
        String clientId,
        String subject,
        String tenant,
        List<String> actors,
        Set<String> roles,
        Set<String> scopes,
        Set<String> audience,
        Instant issuedAt,
        Instant expiresAt,
        long policyEpoch,
        Binding binding,
        List<AuthorizationDetail> details,
        OptionalInt uses,
        Optional<String> clearance)
        implements Revocable {

    /// What a token is good with only.
    ///
    /// @param dpopThumbprint `cnf.jkt`: together with a proof by that key (RFC 9449)
    /// @param certificateThumbprint `cnf.x5t#S256`: over mTLS with that certificate (RFC 8705)
    /// @param networks `net`: from these addresses; empty for any
    public record Binding(
            Optional<String> dpopThumbprint, Optional<String> certificateThumbprint, List<IpRange> networks) {

        public static final Binding NONE = new Binding(Optional.empty(), Optional.empty(), List.of());

        public Binding {
            networks = List.copyOf(networks);
        }
    }

    /// A token that says nothing of a clearance.
    public AccessToken(
            String tokenId,
            String keyId,
            TokenUse use,
            String sessionId,
            String clientId,
            String subject,
            String tenant,
            List<String> actors,
            Set<String> roles,
            Set<String> scopes,
            Set<String> audience,
            Instant issuedAt,
            Instant expiresAt,
            long policyEpoch,
            Binding binding,
            List<AuthorizationDetail> details,
            OptionalInt uses) {
        this(
                tokenId,
                keyId,
                use,
                sessionId,
                clientId,
                subject,
                tenant,
                actors,
                roles,
                scopes,
                audience,
                issuedAt,
                expiresAt,
                policyEpoch,
                binding,
                details,
                uses,
                Optional.empty());
    }

    public AccessToken {
        actors = List.copyOf(actors);
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
        audience = Set.copyOf(audience);
        details = List.copyOf(details);
    }

    public boolean hasScope(String scope) {
        return scopes.contains(scope);
    }

    public Optional<String> dpopThumbprint() {
        return binding.dpopThumbprint();
    }

    public Optional<String> certificateThumbprint() {
        return binding.certificateThumbprint();
    }

    /// Whether the token is bound to a key or certificate, that is: worthless as a plain bearer token.
    public boolean isBound() {
        return dpopThumbprint().isPresent() || certificateThumbprint().isPresent();
    }

    /// Whether its details let it use this model; scopes and policy have their own say.
    public boolean mayUseModel(String model) {
        return details.stream()
                .allMatch(detail -> !(detail instanceof AuthorizationDetail.Models models) || models.allows(model));
    }
}

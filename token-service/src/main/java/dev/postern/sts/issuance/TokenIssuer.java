package dev.postern.sts.issuance;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.TokenIssued;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Clients;
import dev.postern.sts.issuance.TokenMint.Minted;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.signing.SigningKey;
import dev.postern.sts.signing.SigningKeys;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/// Issues access tokens for `client_credentials`: check the client, check the proof, decide the grant, sign, record,
/// hand out - in this order, and nothing is handed out that is not on record.
///
/// Fails closed: without an active key or without a durable record there is no token.
final class TokenIssuer implements AuthenticationProvider {

    private final Clients clients;
    private final ProofOfPossession proofs;
    private final SigningKeys keys;
    private final TokenMint mint;
    private final AuditTrail trail;
    private final IssuanceMetrics metrics;

    TokenIssuer(
            Clients clients,
            ProofOfPossession proofs,
            SigningKeys keys,
            TokenMint mint,
            AuditTrail trail,
            IssuanceMetrics metrics) {
        this.clients = clients;
        this.proofs = proofs;
        this.keys = keys;
        this.mint = mint;
        this.trail = trail;
        this.metrics = metrics;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return TokenRequest.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        TokenRequest request = (TokenRequest) authentication;
        OAuth2ClientAuthenticationToken principal = authenticated(request);
        RegisteredClient registered = principal.getRegisteredClient();
        if (registered == null) {
            throw Refusal.INVALID_CLIENT.exception();
        }
        ClientRegistration client =
                clients.find(registered.getClientId()).orElseThrow(Refusal.INVALID_CLIENT::exception);
        // The grant first: a proof is used up only by a request that would get its token.
        Grant unbound = Grant.decide(request, client, Optional.empty());
        SigningKey key = keys.active().orElseThrow(Refusal.TEMPORARILY_UNAVAILABLE::exception);
        Grant grant = new Grant(
                client,
                unbound.scopes(),
                unbound.audience(),
                request.dpopProof().map(proofs::verify));
        Minted minted = mint.mint(grant, key);
        record(minted);
        metrics.issued(grant.dpopThumbprint().isPresent());
        return new OAuth2AccessTokenAuthenticationToken(registered, principal, response(minted));
    }

    private static OAuth2ClientAuthenticationToken authenticated(TokenRequest request) {
        if (request.getPrincipal() instanceof OAuth2ClientAuthenticationToken client && client.isAuthenticated()) {
            return client;
        }
        throw Refusal.INVALID_CLIENT.exception();
    }

    private void record(Minted minted) {
        Grant grant = minted.grant();
        try {
            trail.recordDurably(new TokenIssued(
                    minted.tokenId(),
                    minted.keyId(),
                    grant.client().clientId(),
                    grant.client().tenant(),
                    grant.scopes(),
                    Set.of(grant.audience()),
                    "client_credentials",
                    grant.dpopThumbprint().isPresent() ? "dpop" : "none",
                    minted.expiresAt()));
        } catch (AuditUnavailable _) {
            throw Refusal.TEMPORARILY_UNAVAILABLE.exception();
        }
    }

    private static OAuth2AccessToken response(Minted minted) {
        TokenType type = minted.grant().dpopThumbprint().isPresent() ? TokenType.DPOP : TokenType.BEARER;
        return new OAuth2AccessToken(
                type,
                minted.compact(),
                minted.issuedAt(),
                minted.expiresAt(),
                minted.grant().scopes());
    }
}

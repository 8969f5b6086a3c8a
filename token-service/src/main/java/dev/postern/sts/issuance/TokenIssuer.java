package dev.postern.sts.issuance;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.TokenIssued;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.clientauth.AuthenticatedClient;
import dev.postern.sts.clientauth.Connection;
import dev.postern.sts.exchange.Ceiling;
import dev.postern.sts.exchange.Exchanger;
import dev.postern.sts.exchange.Exchanges;
import dev.postern.sts.issuance.TokenMint.Minted;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.signing.SigningKey;
import dev.postern.sts.signing.SigningKeys;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/// Issues access tokens: check the address, check the proof, decide what is granted, bind it, ask policy, use the proof
/// up, sign, record, hand out - in this order, and nothing is handed out that is not on record.
///
/// Fails closed: without an active key, a single-use store, a policy or a durable record there is no token.
final class TokenIssuer implements AuthenticationProvider {

    private final ProofOfPossession proofs;
    private final Exchanges exchanges;
    private final PolicyDecisions policy;
    private final SigningKeys keys;
    private final TokenMint mint;
    private final AuditTrail trail;
    private final IssuanceMetrics metrics;
    private final Duration longest;
    private final Clock clock;

    TokenIssuer(
            ProofOfPossession proofs,
            Exchanges exchanges,
            PolicyDecisions policy,
            SigningKeys keys,
            TokenMint mint,
            AuditTrail trail,
            IssuanceMetrics metrics,
            Duration longest,
            Clock clock) {
        this.proofs = proofs;
        this.exchanges = exchanges;
        this.policy = policy;
        this.keys = keys;
        this.mint = mint;
        this.trail = trail;
        this.metrics = metrics;
        this.longest = longest;
        this.clock = clock;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return TokenRequest.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        TokenRequest request = (TokenRequest) authentication;
        AuthenticatedClient caller = request.client();
        ClientRegistration client = caller.registration();
        Connection connection = caller.connection();
        TokenParameters asked = request.parameters();
        caller.requireAddress();
        Optional<DpopProof> proof = asked.dpopProof().map(compact -> proofs.verify(compact, client));
        Optional<Ceiling> ceiling =
                asked.subject().map(token -> ceiling(asked, new Exchanger(client, connection, proof)));
        Instant now = clock.instant();
        Grant grant = Grant.decide(asked, client, ceiling, longest, now);
        boolean mandatory =
                grant.use() == TokenUse.ADMIN || ceiling.filter(Ceiling::bound).isPresent();
        TokenBinding binding = TokenBinding.choose(client, proof, connection, mandatory);
        long epoch = allowed(grant, binding, connection);
        SigningKey key = keys.active().orElseThrow(() -> Refusal.TEMPORARILY_UNAVAILABLE.because("no-signing-key"));
        // Last of all that can fail for the caller: a proof is used up only by a request that would get its token.
        proof.ifPresent(proofs::claim);
        Minted minted = mint.mint(grant, binding, epoch, key, now);
        record(minted, asked);
        metrics.issued(binding.code(), grant.use());
        return new IssuedToken(caller, minted);
    }

    private Ceiling ceiling(TokenParameters asked, Exchanger by) {
        try {
            return exchanges.ceiling(asked.subject().orElseThrow(), by);
        } catch (DataAccessException _) {
            throw Refusal.TEMPORARILY_UNAVAILABLE.because("issuers-unavailable");
        }
    }

    private long allowed(Grant grant, TokenBinding binding, Connection connection) {
        PolicyDecisions.Verdict verdict = policy.decide(new IssueFacts(
                grant.client(),
                grant.subject(),
                grant.actors(),
                grant.use(),
                grant.audience(),
                grant.scopes(),
                grant.roles(),
                grant.clearance(),
                !(binding instanceof TokenBinding.None),
                grant.lifetime(),
                connection.address()));
        if (!verdict.allowed()) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("policy:" + verdict.ruleId());
        }
        return verdict.epoch();
    }

    private void record(Minted minted, TokenParameters asked) {
        Grant grant = minted.grant();
        try {
            trail.recordDurably(new TokenIssued(
                    minted.tokenId(),
                    minted.keyId(),
                    grant.client().clientId(),
                    grant.tenant(),
                    grant.scopes(),
                    Set.of(grant.audience()),
                    asked.grantType(),
                    minted.binding().code(),
                    grant.use().wireName(),
                    minted.sessionId(),
                    grant.subjectTokenId(),
                    minted.expiresAt()));
        } catch (AuditUnavailable _) {
            throw Refusal.TEMPORARILY_UNAVAILABLE.because("audit-unavailable");
        }
    }
}

package dev.postern.gateway.access;

import dev.postern.gateway.problem.Challenges;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.gateway.tls.ClientEnd;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopProof;
import dev.postern.token.Presentation;
import dev.postern.token.Presentation.Scheme;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.TokenUse;
import java.time.Clock;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Verifies the access token of every request under `/v1` and `/ssp1`, and that it came the way it must, before
/// anything is said about what is there: an upgrade without a good token never gets as far as its 101.
///
/// Spring Security's reactive resource server is not used: it takes a key-bound token for a plain one, refuses every
/// certificate-bound one, and its key cache never forgets a withdrawn key. Verification here is local and against the
/// pushed key directory; only the single use of a proof is asked of Redis.
final class AccessGuard implements WebFilter, Ordered {
    static final String INVOKE = "llm:invoke";

    private static final String NONCE = "DPoP-Nonce";

    private final AccessTokenVerifier verifier;
    private final Proofs proofs;
    private final VerificationCounters counters;
    private final Clock clock;

    AccessGuard(AccessTokenVerifier verifier, Proofs proofs, VerificationCounters counters, Clock clock) {
        this.verifier = verifier;
        this.proofs = proofs;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        boolean api = isAt(path, "/v1");
        if (!api && !isAt(path, "/ssp1")) {
            return chain.filter(exchange);
        }
        try {
            Optional<DpopProof> proof = authenticate(exchange, api);
            return proof.isEmpty()
                    ? chain.filter(exchange)
                    : proofs.spend(proof.get(), exchange.getRequest())
                            .doOnError(Refused.class, refused -> counters.proof(refused.failure()))
                            .then(Mono.defer(() -> chain.filter(exchange)));
        } catch (Refused refused) {
            return Mono.error(refused);
        }
    }

    private static boolean isAt(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /// Enters the caller; the proof, if one came, is still to be spent.
    private Optional<DpopProof> authenticate(ServerWebExchange exchange, boolean api) {
        ServerHttpRequest request = exchange.getRequest();
        Credentials credentials =
                api ? Credentials.of(request.getHeaders()) : Credentials.ofUpgrade(request.getHeaders());
        Challenges.presented(exchange, credentials.scheme());
        if (credentials.scheme() == Scheme.DPOP) {
            exchange.getResponse().getHeaders().set(NONCE, proofs.nonce());
        }
        Optional<DpopProof> proof = proof(credentials, request);
        ClientEnd client = ClientEnd.of(request, clock);
        AccessToken token = verify(
                credentials.token(),
                new Presentation(credentials.scheme(), proof, client.certificateThumbprint(), client.address()));
        requireInference(token, api);
        new Caller(token, client.address()).enter(exchange);
        return proof;
    }

    private Optional<DpopProof> proof(Credentials credentials, ServerHttpRequest request) {
        if (credentials.scheme() == Scheme.BEARER) {
            return Optional.empty();
        }
        try {
            String compact = credentials.proof().orElseThrow(() -> new Refused(Failure.PROOF_MISSING));
            return Optional.of(proofs.verify(compact, request, credentials.token()));
        } catch (Refused refused) {
            counters.proof(refused.failure());
            throw refused;
        }
    }

    /// A capability is good for so many requests, and nobody can count those of a sealed session.
    private static void requireInference(AccessToken token, boolean countable) {
        if (token.use() != TokenUse.INFERENCE && !(countable && token.use() == TokenUse.CAPABILITY)) {
            throw new Refused(Failure.USE_REFUSED);
        }
        if (!token.hasScope(INVOKE)) {
            throw new Refused(Failure.SCOPE_MISSING);
        }
    }

    private AccessToken verify(String compact, Presentation presentation) {
        try {
            AccessToken token = verifier.verify(compact, presentation);
            // The verifier forgives clocks; the relay ends an answer at `exp` and not later, so it is not begun then.
            if (!clock.instant().isBefore(token.expiresAt())) {
                throw new TokenRejected(Reason.EXPIRED);
            }
            counters.accepted();
            return token;
        } catch (TokenRejected rejected) {
            counters.rejected(rejected.reason());
            throw new Refused(failure(rejected.reason()));
        }
    }

    /// What the client reads. A forger learns nothing of why; who holds a token that was good learns what to do.
    /// An address that the token does not name is no reason to ask for a new token, so it is no 401.
    private static Failure failure(Reason reason) {
        return switch (reason) {
            case REVOKED -> Failure.TOKEN_REVOKED;
            case OUTDATED -> Failure.TOKEN_OUTDATED;
            case REVOCATION_UNKNOWN -> Failure.REVOCATION_UNAVAILABLE;
            case WRONG_ADDRESS -> Failure.ADDRESS_REFUSED;
            case MALFORMED,
                    OVERSIZED,
                    WRONG_TYPE,
                    WRONG_ALGORITHM,
                    UNKNOWN_KEY,
                    BAD_SIGNATURE,
                    EXPIRED,
                    NOT_YET_VALID,
                    WRONG_ISSUER,
                    WRONG_AUDIENCE,
                    MISSING_CLAIM,
                    WRONG_BINDING,
                    WRONG_USE -> Failure.TOKEN_INVALID;
        };
    }
}

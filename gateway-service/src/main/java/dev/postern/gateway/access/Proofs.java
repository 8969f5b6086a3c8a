package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.redis.SingleUse;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopNonces;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import java.time.Clock;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Proofs of possession at the edge (RFC 9449 section 7 and 9).
///
/// Guarantee: a proof is for this method, this address as configured, this token, made with a nonce of ours, and used
/// once among all replicas. Failure direction: closed. While Redis is away, nothing that needs a proof is served.
final class Proofs {
    private final String origin;
    private final DpopNonces nonces;
    private final SingleUse singleUse;
    private final Clock clock;

    Proofs(String origin, DpopNonces nonces, SingleUse singleUse, Clock clock) {
        this.origin = origin;
        this.nonces = nonces;
        this.singleUse = singleUse;
        this.clock = clock;
    }

    /// The nonce for the client's next proof.
    String nonce() {
        return nonces.current();
    }

    /// A good proof for this request and token, whose nonce and single use are still to be looked at.
    ///
    /// @throws Refused when it is not
    DpopProof verify(String proof, ServerHttpRequest request, String token) {
        try {
            return DpopProof.verify(proof, expectation(request).forToken(token), clock);
        } catch (TokenRejected _) {
            throw new Refused(Failure.PROOF_INVALID);
        }
    }

    /// Completes for the first use of a proof with a good nonce; fails with [Refused] otherwise. Checked last, so
    /// that nobody without the token can use up a proof.
    Mono<Void> spend(DpopProof proof, ServerHttpRequest request) {
        if (!nonces.cover(proof)) {
            return Mono.error(new Refused(Failure.PROOF_NONCE));
        }
        return Mono.fromCompletionStage(() -> singleUse.claim(
                        proof.singleUseName(), expectation(request).acceptance()))
                // The link's own threads have other commands to wait for.
                .publishOn(Schedulers.parallel())
                .flatMap(use -> switch (use) {
                    case FIRST -> Mono.empty();
                    case SEEN -> Mono.error(new Refused(Failure.PROOF_REPLAYED));
                    case UNAVAILABLE -> Mono.error(new Refused(Failure.REPLAY_UNAVAILABLE));
                });
    }

    /// The path as the client wrote it; host and port only as configured.
    private DpopExpectation expectation(ServerHttpRequest request) {
        return DpopExpectation.of(
                request.getMethod().name(), origin + request.getPath().value());
    }
}

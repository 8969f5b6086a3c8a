package dev.postern.sts.issuance;

import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import java.time.Clock;

/// Checks the proof that binds a token to its client's key (RFC 9449 section 5): made for this endpoint, fresh, and
/// used once per key.
final class ProofOfPossession {

    private final DpopExpectation expected;
    private final UsedOnce usedOnce;
    private final Clock clock;

    /// @param endpoint the token endpoint as clients know it; never taken from a request
    ProofOfPossession(String endpoint, UsedOnce usedOnce, Clock clock) {
        this.expected = DpopExpectation.of("POST", endpoint);
        this.usedOnce = usedOnce;
        this.clock = clock;
    }

    /// The thumbprint of the proven key.
    String verify(String compact) {
        try {
            DpopProof proof = DpopProof.verify(compact, expected, clock);
            boolean first = usedOnce.isFirst(
                    UsedOnce.Kind.DPOP_PROOF,
                    proof.thumbprint(),
                    proof.proofId(),
                    proof.issuedAt()
                            .plus(expected.maxAge())
                            .plus(expected.skew())
                            .plusSeconds(1));
            if (!first) {
                throw Refusal.INVALID_DPOP_PROOF.exception();
            }
            return proof.thumbprint();
        } catch (TokenRejected _) {
            throw Refusal.INVALID_DPOP_PROOF.exception();
        }
    }
}

package dev.postern.sts.issuance;

import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopNonces;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import java.time.Clock;
import java.util.Locale;

/// Checks the proof that binds a token to its client's key (RFC 9449 section 5): made for this endpoint, fresh, with a
/// nonce of ours where one is demanded, and used once per key at all replicas together.
///
/// A service of the platform proves itself by its certificate on the same connection, so that nobody could have made
/// its proof ahead of time: it needs no nonce.
final class ProofOfPossession {

    private final DpopExpectation expected;
    private final DpopNonces nonces;
    private final boolean nonceDemanded;
    private final UsedOnce usedOnce;
    private final Clock clock;

    /// @param endpoint the token endpoint as clients know it; never taken from a request
    ProofOfPossession(String endpoint, DpopNonces nonces, boolean nonceDemanded, UsedOnce usedOnce, Clock clock) {
        this.expected = DpopExpectation.of("POST", endpoint);
        this.nonces = nonces;
        this.nonceDemanded = nonceDemanded;
        this.usedOnce = usedOnce;
        this.clock = clock;
    }

    /// The proof, if it is good; it is not used up yet.
    DpopProof verify(String compact, ClientRegistration client) {
        try {
            DpopProof proof = DpopProof.verify(compact, expected, clock);
            boolean demanded = nonceDemanded && !(client.proof() instanceof Proof.WorkloadCertificate);
            if ((demanded || proof.claims().containsKey("nonce")) && !nonces.cover(proof)) {
                throw Refusal.USE_DPOP_NONCE.because("dpop-nonce");
            }
            return proof;
        } catch (TokenRejected rejected) {
            throw Refusal.INVALID_DPOP_PROOF.because(
                    "dpop-" + rejected.reason().name().toLowerCase(Locale.ROOT));
        }
    }

    /// Uses the proof up.
    void claim(DpopProof proof) {
        boolean first = usedOnce.isFirst(
                UsedOnce.Kind.DPOP_PROOF,
                proof.thumbprint(),
                proof.proofId(),
                proof.issuedAt().plus(expected.maxAge()).plus(expected.skew()).plusSeconds(1));
        if (!first) {
            throw Refusal.INVALID_DPOP_PROOF.because("dpop-replayed");
        }
    }
}

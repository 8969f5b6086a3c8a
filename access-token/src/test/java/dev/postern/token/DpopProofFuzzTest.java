package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Any text is refused as a proof of possession, or is one that was made for this request, and lately; see
/// `ParserFuzzTest` in sealed-session. Whoever makes a proof chooses its key: what is behind the signature
/// is as open to the world as what is before it.
final class DpopProofFuzzTest {
    private static final DpopExpectation EXPECTED =
            DpopExpectation.of("OPEN", "urn:postern:relay").withNonce("challenge");

    /// Whether it was accepted.
    static boolean take(byte[] input) {
        String compact = FuzzedJws.of(input);
        try {
            DpopProof proof = DpopProof.verify(compact, EXPECTED, FuzzedJws.NOON);
            assertThat(proof.claims()).containsAllEntriesOf(EXPECTED.claims());
            assertThat(proof.proofId()).hasSizeBetween(1, 128);
            assertThat(proof.issuedAt())
                    .isBetween(
                            FuzzedJws.NOON.instant().minusSeconds(90),
                            FuzzedJws.NOON.instant().plusSeconds(30));
            assertThat(proof.thumbprint()).hasSize(43);
            assertThat(!proof.thumbprint().equals(ourThumbprint()) || FuzzedJws.isSigned(compact))
                    .isTrue();
            assertThat(proof.singleUseName()).startsWith("dpop:" + proof.thumbprint() + ":");
            return true;
        } catch (TokenRejected _) {
            return false;
        }
    }

    private static String ourThumbprint() {
        try {
            return FuzzedJws.SIGNER.key().computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void aProofIsRefusedOrGood(byte[] input) {
        FuzzedJws.takesLittleMemory(() -> {
            var _ = take(input);
        });
    }
}

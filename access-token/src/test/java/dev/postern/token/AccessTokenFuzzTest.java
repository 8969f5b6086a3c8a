package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Any text is refused as an access token, or is one for this service, in time, that our key signed; see
/// `ParserFuzzTest` in sealed-session.
final class AccessTokenFuzzTest {
    /// Whether it was accepted.
    static boolean take(byte[] input) {
        String compact = FuzzedJws.of(input);
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                new VerifierSettings(TestTokens.ISSUER, TestTokens.AUDIENCE, TokenUse.DATA_PLANE),
                kid -> kid.equals("key-1") ? Optional.of(FuzzedJws.SIGNER.publicKey()) : Optional.empty(),
                _ -> TrustState.Standing.TRUSTED,
                FuzzedJws.NOON);
        try {
            AccessToken token = verifier.verify(compact);
            assertThat(FuzzedJws.isSigned(compact)).isTrue();
            assertThat(token.audience()).containsExactly(TestTokens.AUDIENCE);
            assertThat(TokenUse.DATA_PLANE).contains(token.use());
            assertThat(token.expiresAt()).isAfter(FuzzedJws.NOON.instant().minusSeconds(30));
            assertThat(token.issuedAt())
                    .isBeforeOrEqualTo(FuzzedJws.NOON.instant().plusSeconds(30));
            assertThat(verifier.verify(compact)).as("remembered").isEqualTo(token);
            return true;
        } catch (TokenRejected _) {
            return false;
        }
    }

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void aTokenIsRefusedOrGood(byte[] input) {
        FuzzedJws.takesLittleMemory(() -> {
            var _ = take(input);
        });
    }
}

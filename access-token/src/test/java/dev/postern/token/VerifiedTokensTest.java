package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.token.VerifiedTokens.Digest;
import dev.postern.token.VerifiedTokens.Verified;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerifiedTokensTest {
    private final TestTokens tokens = new TestTokens("key-1");
    private final Verified verified = new Verified(TestTokens.verified(Optional.empty()), tokens.publicKey());

    @Test
    void rememberWhenManyThenBounded() {
        VerifiedTokens remembered = new VerifiedTokens(10);
        for (int i = 0; i < 1_000; i++) {
            remembered.remember(Digest.of("token " + i), verified);
        }
        assertThat(remembered.size()).isLessThanOrEqualTo(20);
        assertThat(remembered.find(Digest.of("token 999"))).isPresent();
        assertThat(remembered.find(Digest.of("token 0"))).isEmpty();
    }

    @Test
    void findWhenUsedThenSurvivesTheNextGeneration() {
        VerifiedTokens remembered = new VerifiedTokens(2);
        remembered.remember(Digest.of("used"), verified);
        for (int i = 0; i < 10; i++) {
            remembered.remember(Digest.of("token " + i), verified);
            assertThat(remembered.find(Digest.of("used"))).isPresent();
        }
    }

    @Test
    void forgetWhenRememberedThenGone() {
        VerifiedTokens remembered = new VerifiedTokens(2);
        remembered.remember(Digest.of("token"), verified);
        remembered.forget(Digest.of("token"));
        assertThat(remembered.find(Digest.of("token"))).isEmpty();
    }
}

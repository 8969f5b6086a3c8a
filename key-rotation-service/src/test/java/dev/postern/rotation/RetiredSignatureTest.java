package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.rotation.ledger.Incident;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// A key that is over and signs again, where policy says that this is a compromise.
@TestPropertySource(properties = "postern.rotation.compromise.triggers.retired-signature=compromise")
final class RetiredSignatureTest extends TriggersFixture {
    @Test
    void destroyedKeyThatSignsIsCompromised() throws Exception {
        String old = rotate();
        awaitGivenUp(old);
        await().atMost(PATIENCE).until(() -> !keys.isTrusted(old));
        assertThat(state(old)).isEqualTo("DESTROYED");
        keys.show(old);
        assertSuspected(old, "retired-signature", "compromise");
        await().atMost(PATIENCE).until(() -> state(old).equals("COMPROMISED"));
        assertThat(ledger.incidents())
                .singleElement()
                .extracting(Incident::mode)
                .isEqualTo("automatic");
    }
}

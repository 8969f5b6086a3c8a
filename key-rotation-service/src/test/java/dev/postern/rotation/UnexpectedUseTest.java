package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// A spare that signs, where policy says that this is a compromise.
@TestPropertySource(properties = "postern.rotation.compromise.triggers.unexpected-use=compromise")
final class UnexpectedUseTest extends TriggersFixture {
    @Test
    void spareThatSignsIsCompromisedAndTheKeyInUseGoesOn() throws Exception {
        String active = keys.activeId();
        String spare = keys.spareId().orElseThrow();
        keys.show(spare);
        assertSuspected(spare, "unexpected-use", "compromise");
        await().atMost(PATIENCE).until(() -> state(spare).equals("COMPROMISED") && !keys.isTrusted(spare));
        assertThat(state(active)).isEqualTo("ACTIVE");
        assertThat(keys.verifier.verify(keys.issue()).keyId()).isEqualTo(active);
        await().atMost(PATIENCE)
                .until(() -> keys.spareId().filter(id -> !id.equals(spare)).isPresent());
    }
}

package dev.postern.rotation.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KeyClassTest {
    /// The registry's data keys, and those of the pseudonym vault in Redis.
    @Test
    void dataKeysWhenRegisteredThenByTheServicesThatSealRecordsAndNoOther() {
        assertThat(KeyClass.VAULT_RECORD.owners())
                .containsExactlyInAnyOrder("service/token-service", "service/redaction-service");
    }
}

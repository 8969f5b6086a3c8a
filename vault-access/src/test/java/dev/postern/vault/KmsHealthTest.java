package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;

final class KmsHealthTest {
    @Test
    void aVaultThatIsAwayNeitherEndsNorExcusesAService() {
        StatusAggregator all = StatusAggregator.getDefault();

        assertThat(all.getAggregateStatus(Status.UP, KmsHealth.DEGRADED)).isEqualTo(Status.UP);
        assertThat(all.getAggregateStatus(Status.DOWN, KmsHealth.DEGRADED)).isEqualTo(Status.DOWN);
    }
}

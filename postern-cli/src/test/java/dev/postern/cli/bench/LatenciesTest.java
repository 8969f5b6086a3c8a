package dev.postern.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesWhenMergedThenOverAllValues() {
        Latencies low = new Latencies();
        Latencies high = new Latencies();
        for (int i = 1; i <= 5000; i++) {
            low.add(i);
            high.add(5000 + i);
        }
        low.addAll(high);

        assertThat(low.count()).isEqualTo(10_000);
        assertThat(low.percentile(0.50)).isEqualTo(5001);
        assertThat(low.percentile(0.99)).isEqualTo(9901);
        assertThat(new Latencies().percentile(0.99)).isZero();
    }
}

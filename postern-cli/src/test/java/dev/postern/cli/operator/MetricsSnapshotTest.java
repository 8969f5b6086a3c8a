package dev.postern.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsSnapshotTest {
    @Test
    void sumWhenSeveralSeriesThenOnlyThoseOfTheMetricAndLabel() {
        MetricsSnapshot metrics = MetricsSnapshot.parse("""
                # TYPE postern_frames_rejected_total counter
                postern_frames_rejected_total{reason="bad-tag",service="relay"} 2.0
                postern_frames_rejected_total{reason="duplicate",service="relay"} 3.0
                postern_frames_rejected_total_other 100.0
                postern_replays_rejected_total 4.0
                """);

        assertThat(metrics.sum("postern_frames_rejected_total", "")).isEqualTo(5);
        assertThat(metrics.sum("postern_frames_rejected_total", "bad-tag")).isEqualTo(2);
        assertThat(metrics.sum("postern_replays_rejected_total", "")).isEqualTo(4);
        assertThat(metrics.sum("absent_total", "")).isZero();
    }
}

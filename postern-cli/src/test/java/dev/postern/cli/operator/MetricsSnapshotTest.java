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

    @Test
    void quantileWhenOnlyBucketsAreThereThenTheEdgeOfItsBucket() {
        MetricsSnapshot metrics = MetricsSnapshot.parse("""
                wait_seconds_bucket{outcome="ok",le="0.001"} 5
                wait_seconds_bucket{outcome="ok",le="0.002"} 9
                wait_seconds_bucket{outcome="ok",le="+Inf"} 10
                wait_seconds_bucket{outcome="no",le="0.001"} 1
                wait_seconds_bucket{outcome="no",le="0.002"} 1
                wait_seconds_bucket{outcome="no",le="+Inf"} 1
                """);

        assertThat(metrics.quantile("wait_seconds", 0.5)).isEqualTo(0.001);
        assertThat(metrics.quantile("wait_seconds", 0.9)).isEqualTo(0.002);
        assertThat(metrics.quantile("absent_seconds", 0.5)).isZero();
    }

    @Test
    void sinceWhenCountedOnThenOnlyTheDifference() {
        MetricsSnapshot before = MetricsSnapshot.parse("calls_total{a=\"x\"} 2.0\n");
        MetricsSnapshot after = MetricsSnapshot.parse("calls_total{a=\"x\"} 5.0\ncalls_total{a=\"y\"} 1.0\n");

        assertThat(after.since(before).sum("calls_total", "")).isEqualTo(4);
    }
}

package dev.postern.cli.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class QueryFiguresTest {
    private static QueryFigures figures(double last, double p99, String state) {
        return QueryFigures.of(JsonMapper.shared().readTree("""
                        {"ingest": [{"entries": 1000, "events": 1000, "perSecond": 900},
                                    {"entries": 10000, "events": 10000, "perSecond": 1000},
                                    {"entries": 100000, "events": 20000, "perSecond": %s}],
                         "questions": [{"kind": "key", "answers": 100, "indexP50Micros": 90, "indexP99Micros": 190,
                                        "p50Micros": 900, "p99Micros": %s, "cpuP99Micros": 1000}],
                         "reference": {"rows": 100000, "p50Micros": 3, "p99Micros": 9},
                         "rebuild": {"state": "%s", "milliseconds": 1500}}
                        """.formatted(last, p99, state)));
    }

    @Test
    void figuresWhenAllIsReachedThenPassedAndShown() {
        QueryFigures figures = figures(800, 9_999, "EQUAL");
        assertThat(figures.passed()).isTrue();
        assertThat(figures.text())
                .contains("    100,000 events in the log:     800 events/s", "EQUAL, 1.5 s", "p99 9.0 us")
                .containsPattern("key +100.0 +0.09 +0.19 +0.90 +10.00 +1.00");
    }

    @Test
    void figuresWhenSomethingIsMissedThenNotPassed() {
        assertThat(figures(699, 9_999, "EQUAL").passed())
                .as("slower and slower")
                .isFalse();
        assertThat(figures(800, 10_001, "EQUAL").passed()).as("slow answers").isFalse();
        assertThat(figures(800, 9_999, "DIFFERENT").passed())
                .as("another index")
                .isFalse();
        assertThat(QueryFigures.of(JsonMapper.shared().readTree("{}")).passed())
                .as("nothing measured")
                .isFalse();
    }
}

package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.bench.ingest.AuditFigure;
import dev.postern.cli.bench.ingest.AuditReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `postern bench audit` makes of its figures.
class BenchAuditCommandTest {
    private final BenchAuditCommand command = new BenchAuditCommand();

    @Test
    void figuresWhenWrittenThenEveryMember() {
        assertThat(command.document(report(0, 0)))
                .hasToString("{\"bench\":\"audit\",\"runs\":[{\"load\":\"3,000/s\",\"producers\":8,"
                        + "\"events_per_second\":3000,\"times_fsync\":6.0,\"p50_us\":4000,\"p99_us\":30000,"
                        + "\"publish_p50_us\":60000,\"publish_p99_us\":90000,\"failed\":0,\"cpu_us_per_event\":120}],"
                        + "\"fsync\":{\"per_second\":500,\"p50_us\":1900,\"p99_us\":5000},"
                        + "\"record\":{\"events\":10000,\"mean_us\":4.0,\"p50_us\":3.1,\"p99_us\":12.3,\"failed\":0}}");
    }

    @Test
    void figuresWhenAnEventWasNotAcknowledgedOrNotRecordedThenNotPassed() {
        assertThat(command.passed(report(0, 0))).isTrue();
        assertThat(command.passed(report(1, 0))).isFalse();
        assertThat(command.passed(report(0, 1))).isFalse();
    }

    private static AuditReport report(int failed, int recordFailed) {
        AuditFigure figure = new AuditFigure("3,000/s", 8, 2_999.6, 4_000, 30_000, 60_000, 90_000, failed, 119.6);
        return new AuditReport(List.of(figure), 500, 1_900, 5_000, 10_000, 4.04, 3.1, 12.3, recordFailed);
    }
}

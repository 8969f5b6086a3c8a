package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.bench.redaction.RedactionFigure;
import dev.postern.cli.bench.redaction.RedactionReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `postern bench redaction` makes of its figures.
class BenchRedactionCommandTest {
    private final BenchRedactionCommand command = new BenchRedactionCommand();

    @Test
    void figuresWhenWrittenThenEveryMemberServicesInOrderAndWhatIsAddedToTheEcho() {
        assertThat(command.document(new RedactionReport(List.of(figure("echo", 20.04, 0), figure("prose", 95.16, 3)))))
                .hasToString("{\"bench\":\"redaction\",\"runs\":[" + run("echo", "20.0", 0, "") + ","
                        + run("prose", "95.2", 3, "\"added_p50_us\":75.1,") + "]}");
    }

    private static String run(String text, String p50, int failed, String added) {
        return "{\"way\":\"grpc\",\"text\":\"" + text + "\",\"streams\":32,\"requests_per_second\":5000,\"p50_us\":"
                + p50 + ",\"p99_us\":300.0,\"failed\":" + failed + ",\"cpu_us_per_request\":61.3," + added
                + "\"cpu_us_per_request_by_service\":{\"audit-service\":1.2,\"redaction-service\":60.1}}";
    }

    @Test
    void figuresWhenOneFailedOrNothingWasAnsweredThenNotPassed() {
        assertThat(command.passed(new RedactionReport(List.of(figure("echo", 1, 0), figure("prose", 1, 0)))))
                .isTrue();
        assertThat(command.passed(new RedactionReport(List.of(figure("echo", 1, 0), figure("prose", 1, 1)))))
                .isFalse();
        assertThat(command.passed(
                        new RedactionReport(List.of(new RedactionFigure("grpc", "echo", 1, 0, 0, 0, 0, 0, Map.of())))))
                .isFalse();
    }

    private static RedactionFigure figure(String text, double p50, int failed) {
        return new RedactionFigure(
                "grpc",
                text,
                32,
                4_999.6,
                p50,
                300,
                failed,
                61.3,
                Map.of("redaction-service", 60.1, "audit-service", 1.2));
    }
}

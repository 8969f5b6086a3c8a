package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.bench.sealed.IdleFigure;
import dev.postern.cli.bench.sealed.SealedFigure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `postern bench sealed` makes of its figures.
class BenchSealedCommandTest {
    private final BenchSealedCommand command = new BenchSealedCommand();

    @Test
    void figuresWhenWrittenThenEveryMemberAndServicesInOrder() {
        assertThat(command.document(List.of(figure(0), figure(3))))
                .hasToString("{\"bench\":\"sealed\",\"runs\":[" + run(0) + "," + run(3) + "]}");
    }

    private static String run(int failed) {
        return "{\"target\":\"sealed-echo\",\"load\":\"5000/s\",\"sessions\":32,\"round_trips_per_second\":4999,"
                + "\"messages_per_second\":9999,\"p50_us\":680,\"p99_us\":6000,\"failed\":" + failed
                + ",\"cpu_us_per_message\":278,\"cpu_us_per_message_by_service\":"
                + "{\"gateway-service\":110,\"inference-relay\":168}}";
    }

    @Test
    void figuresWhenOneQuestionFailedThenNotPassed() {
        assertThat(command.passed(List.of(figure(0), figure(0)))).isTrue();
        assertThat(command.passed(List.of(figure(0), figure(1)))).isFalse();
    }

    @Test
    void idleSessionsWhenOneIsGoneThenNotPassed() {
        BenchSealedCommand.Idle idle = new BenchSealedCommand.Idle(10);

        assertThat(idle.passed(new IdleFigure(10, 800, 298, 808, 10))).isTrue();
        assertThat(idle.passed(new IdleFigure(10, 800, 298, 808, 9))).isFalse();
        assertThat(idle.document(new IdleFigure(10, 800, 298, 808, 9)))
                .hasToString("{\"bench\":\"sealed-idle\",\"sessions\":10,\"alive\":9,\"relay_heap_mb\":800,"
                        + "\"relay_resident_before_mb\":298,\"relay_resident_after_mb\":808}");
    }

    private static SealedFigure figure(int failed) {
        return new SealedFigure(
                "sealed-echo",
                "5000/s",
                32,
                4_999.4,
                9_998.8,
                680,
                6_000,
                failed,
                278.1,
                Map.of("inference-relay", 168.0, "gateway-service", 110.1));
    }
}

package dev.postern.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.simulator.http.LoopbackServer;
import dev.postern.simulator.model.Simulator;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadRunTest {
    @Test
    void runWhenServerAnswersThenEveryExchangeIsMeasured() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(0, new Simulator(Clock.systemUTC(), Duration.ZERO))) {
            Target target = Target.direct(URI.create("http://127.0.0.1:" + server.port()));

            LoadRun.Result result = LoadRun.run(target, 2, Duration.ofMillis(300));

            assertThat(result.failed()).isZero();
            assertThat(result.latencies().count()).isGreaterThan(10);
            assertThat(result.latencies().percentile(0.5)).isPositive();
        }
    }
}

package dev.postern.cli.bench.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.bench.sealed.SealedBench.Load;
import dev.postern.cli.bench.sealed.SealedBench.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is measured, and what is made of it; the load itself is `LanesTest`'s.
class SealedBenchTest {
    private static final Duration WARMUP = Duration.ofSeconds(30);
    private static final Duration EACH = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource(names = "SEALED_STREAM", mode = EnumSource.Mode.EXCLUDE)
    void echoWhenMeasuredThenUnhurriedAtTheRateThatIsAimedAtAndAtItsMost(Target echo) {
        assertThat(echo.loads()).extracting(Load::label).containsExactly("1000/s", "5000/s", "8 open");
    }

    @Test
    void benchWhenRunAsItIsUsuallyThenWithinThreeMinutes() {
        long runs = Arrays.stream(Target.values())
                .mapToLong(target -> target.loads().size())
                .sum();

        assertThat(WARMUP.plus(EACH.multipliedBy(runs))).isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void figureWhenMadeThenMessagesAreQuestionsAndEveryPartOfTheirAnswers() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 100; micros++) {
            latencies.add(micros);
        }

        SealedFigure figure = SealedFigure.of(
                new SealedFigure.Run("sealed-stream", "1 open", 32),
                new Lane.Tally(latencies, 2_100, 3),
                Duration.ofSeconds(2),
                Map.of("gateway-service", 1.5, "inference-relay", 2.0));

        assertThat(figure)
                .isEqualTo(new SealedFigure(
                        "sealed-stream",
                        "1 open",
                        32,
                        50.0,
                        1_100.0,
                        51,
                        100,
                        3,
                        3.5,
                        Map.of("gateway-service", 1.5, "inference-relay", 2.0)));
    }
}

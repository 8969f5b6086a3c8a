package dev.postern.cli.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.terminal.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class VerifyBenchTest {

    @Test
    void runWhenALogWasWrittenThenItIsSoundAndItsOctetsAreCounted() {
        Progress progress = new Progress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        VerifyFigure figure = new VerifyBench(new SecureRandom(), progress).run(300);
        assertThat(figure.sound()).isTrue();
        assertThat(figure.entries()).isEqualTo(300);
        assertThat(figure.octets()).isGreaterThan(300 * 588);
        assertThat(figure.entriesPerSecond()).isPositive();
    }
}

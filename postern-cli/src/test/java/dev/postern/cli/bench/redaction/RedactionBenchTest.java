package dev.postern.cli.bench.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.platform.Ports;
import dev.postern.redact.detection.Detection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is measured, and what is made of it; the load itself is `BatchLoadTest`'s.
class RedactionBenchTest {
    private static final EngineReference ENGINE = new EngineReference();

    @Test
    void textsWhenMadeThenAsLongAsTheySayAndOneIsFullOfValues() {
        Detection detection = Detection.standard();

        assertThat(Sample.STRUCTURED.text()).hasSize(4_096);
        assertThat(Sample.PROSE.text()).hasSize(1_024);
        assertThat(detection.detect(Sample.STRUCTURED.text(), "content")).hasSizeGreaterThan(40);
        assertThat(detection.detect(Sample.PROSE.text(), "content")).isEmpty();
        assertThat(Sample.chunks())
                .hasSize(1_024)
                .allSatisfy(chunk -> assertThat(chunk).hasSize(4));
        assertThat(String.join("", Sample.chunks())).isEqualTo(Sample.CHUNK.text());
    }

    @ParameterizedTest
    @EnumSource
    void textWhenSentThenAscii(Sample sample) {
        // The request's length is counted in characters.
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(sample.text()))
                .isTrue();
    }

    @Test
    void restRequestWhenMadeThenTextConversationAndToken() {
        byte[] request = RestWay.request(URI.create("https://localhost:8643"), "t0ken", "a \"text\"");

        assertThat(new String(request, StandardCharsets.US_ASCII).split("\r\n"))
                .containsExactly(
                        "POST /v1/redact HTTP/1.1",
                        "Host: localhost:8643",
                        "Content-Type: application/json",
                        "Authorization: Bearer t0ken",
                        "Content-Length: 44",
                        "",
                        "{\"text\":\"a \\\"text\\\"\",\"conversation\":\"bench\"}");
    }

    @Test
    void figureWhenMadeThenRatesAndPercentilesInMicroseconds() {
        Latencies nanos = new Latencies();
        for (int i = 1; i <= 100; i++) {
            nanos.add(i * 1_500L);
        }

        RedactionFigure figure = RedactionFigure.of(
                "grpc",
                Sample.PROSE,
                32,
                new Tally(nanos, 2, Duration.ofSeconds(2)),
                40.5,
                Map.of("redaction-service", 40.5));

        assertThat(figure)
                .isEqualTo(new RedactionFigure(
                        "grpc", "1 KB of prose", 32, 50, 76.5, 150, 2, 40.5, Map.of("redaction-service", 40.5)));
    }

    @Test
    void reportWhenThereIsAnEchoThenWhatIsAddedToItWithAsManyStreams() {
        RedactionFigure prose = figure("grpc", Sample.PROSE, 32, 90);
        RedactionFigure engine = figure("engine", Sample.PROSE, 1, 30);
        RedactionFigure echo = figure("grpc", Sample.ECHO, 32, 20);
        RedactionReport report = new RedactionReport(
                List.of(engine, figure("rest", Sample.ECHO, 32, 70), figure("grpc", Sample.ECHO, 1, 50), echo, prose));

        assertThat(report.addedMicros(prose)).hasValue(70);
        assertThat(report.addedMicros(engine)).isEqualTo(OptionalDouble.empty());
        assertThat(report.addedMicros(echo)).isEqualTo(OptionalDouble.empty());
    }

    @ParameterizedTest
    @EnumSource(names = "ECHO", mode = EnumSource.Mode.EXCLUDE)
    void engineWhenMeasuredThenTimesAndProcessorTime(Sample sample) {
        RedactionFigure figure = ENGINE.measure(sample, Duration.ofMillis(50));

        assertThat(figure.p50Micros()).isPositive().isLessThanOrEqualTo(figure.p99Micros());
        assertThat(figure.perSecond()).isPositive();
        assertThat(figure.cpuMicros()).isPositive();
    }

    @Test
    void portWhenShiftedThenTheStreamsToo() {
        assertThat(new Ports(200).redactionGrpc()).isEqualTo(8_845);
    }

    private static RedactionFigure figure(String way, Sample sample, int streams, double p50) {
        return new RedactionFigure(way, sample.label(), streams, 100, p50, 200, 0, 10, Map.of());
    }
}

package dev.postern.bench;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.ScannerChoice;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// All rules over 4,096 characters of unlike kinds, on either scanner.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class ScannersBenchmark {
    @Param({"NATIVE", "PORTABLE"})
    private ScannerChoice scanner = ScannerChoice.AUTO;

    @Param({"prose", "german", "russian", "chinese", "values", "code", "json", "base64"})
    private String text = "";

    private String looked = "";
    private Detection detection = Detection.standard(ScannerChoice.PORTABLE);

    @Setup
    public void start() {
        detection = Detection.standard(scanner);
        looked = RedactionTexts.of(text);
    }

    @Benchmark
    public List<Span> rules() {
        return detection.detectInName(looked);
    }
}

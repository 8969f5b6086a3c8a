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

/// Detection in 4 KB of text and in one sentence, by rules alone and with names, on either scanner.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class RedactionBenchmark {
    @Param({"NATIVE", "PORTABLE"})
    private ScannerChoice scanner = ScannerChoice.AUTO;

    private final String prose = RedactionTexts.prose();
    private final String longProse = RedactionTexts.longProse();
    private final String dense = RedactionTexts.dense();
    private Detection detection = Detection.standard(ScannerChoice.PORTABLE);
    private Detection tenants = detection;

    @Setup
    public void start() {
        detection = Detection.standard(scanner);
        tenants = detection.with(RedactionTexts.tenantsPack());
    }

    @Benchmark
    public List<Span> structuredProse() {
        return detection.detectInName(prose);
    }

    /// Sixteen times the text, for what is allocated for each character of it.
    @Benchmark
    public List<Span> structuredLongProse() {
        return detection.detectInName(longProse);
    }

    @Benchmark
    public List<Span> structuredDense() {
        return detection.detectInName(dense);
    }

    @Benchmark
    public List<Span> allProse() {
        return detection.detect(prose, "");
    }

    @Benchmark
    public List<Span> allDense() {
        return detection.detect(dense, "");
    }

    /// Beside a tenant's own pack of twenty rules.
    @Benchmark
    public List<Span> structuredProseWithPack() {
        return tenants.detectInName(prose);
    }

    @Benchmark
    public List<Span> structuredDenseWithPack() {
        return tenants.detectInName(dense);
    }

    @Benchmark
    public List<Span> sentenceRules() {
        return detection.detectInName(RedactionTexts.SENTENCE);
    }

    /// The same with its names.
    @Benchmark
    public List<Span> sentenceAll() {
        return detection.detect(RedactionTexts.SENTENCE, "");
    }
}

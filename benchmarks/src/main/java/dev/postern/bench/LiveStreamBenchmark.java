package dev.postern.bench;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Action;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import dev.postern.redact.stream.StreamRedaction;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a live stream keeps in memory: the heap in use, after a collection, with many of them open, less that without.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 1)
// One: what several count themselves would be added up.
@Measurement(iterations = 1)
@Fork(
        value = 1,
        // The collector leaves small heaps of garbage where they are, and every fourth time moves all: each time here.
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1"})
public class LiveStreamBenchmark {
    private static final int STREAMS = 2_000;
    private static final int GIVEN = 250;
    /// A run that may go on, not of Latin-1 alone, as long as a stream holds.
    private static final String LONGEST_RUN = "https://example.org/" + "\u0101b".repeat(800);

    /// Where the streams are.
    @Param({"in prose", "in values", "in one long word"})
    String place = "";

    private final Detection detection = Detection.standard();
    private final StreamRedaction redaction = detection.streams(Selection.of(
            entity -> entity.action() != Action.KEEP && !entity.name().equals("PERSON")));

    private final List<RedactingStream> streams = new ArrayList<>(STREAMS);

    /// Reported beside the time.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Memory {
        public double octetsPerStream;
    }

    @Benchmark
    public int open(Memory memory) {
        String text = switch (place) {
            case "in prose" -> RedactionTexts.prose().substring(0, GIVEN);
            case "in values" -> RedactionTexts.dense().substring(0, GIVEN);
            default -> LONGEST_RUN.substring(0, 1_500);
        };
        // Those of the last time go, and what is made once for all streams is there before.
        streams.clear();
        stream(text);
        long before = used();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(stream(text));
        }
        memory.octetsPerStream = (used() - before) / (double) STREAMS;
        return streams.size();
    }

    private RedactingStream stream(String text) {
        RedactingStream stream = redaction.open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
        for (int at = 0; at < text.length(); at += 4) {
            stream.feed(text.substring(at, Math.min(text.length(), at + 4)));
        }
        return stream;
    }

    private static long used() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

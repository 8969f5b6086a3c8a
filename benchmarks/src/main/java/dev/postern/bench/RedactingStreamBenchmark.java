package dev.postern.bench;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import dev.postern.redact.stream.StreamRedaction;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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

/// One chunk of four characters of a streamed answer, beside detection in the same text at once. A text is 4,096
/// characters; then the stream is finished and another begins.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx512m")
public class RedactingStreamBenchmark {
    private static final int CHUNK = 4;
    private static final int LENGTH = 4_096;
    private static final String PROSE =
            "The committee met again in the morning to look at what had been said about the new bridge. Nobody wanted to be "
                    + "the first to speak, so they waited, and the rain went on. In the end it was agreed that the report should "
                    + "be sent to every member before Friday, with the figures of the last three years (2021, 2022 and 2023). ";
    private static final String CODE =
            "public static void main(String[] args) { var token = System.getenv(\"TOKEN\"); for (int i = 0; i < args.length; "
                    + "i++) { process(args[i], token); } } // see https://example.org/docs/a_b\n";
    private static final String VALUES =
            "Please write to jane.doe@example.org or call +49 30 901820; the card is 4111 1111 1111 1111 and my password is "
                    + "hunter2! Then the account DE89370400440532013000 was used, and nothing else was said about it that day. ";
    private static final Detection DETECTION = Detection.standard();

    /// What is looked for, and in what.
    @Param({"secrets in prose", "secrets in code", "all but names in prose", "all but names in code", "all but names in values"})
    String text;

    private String answer = "";
    private StreamRedaction redaction = DETECTION.streams(_ -> false);
    private RedactingStream stream = open();
    private int at;

    @Setup
    public void prepare() {
        String unit = text.endsWith("prose") ? PROSE : text.endsWith("code") ? CODE : VALUES;
        answer = unit.repeat(LENGTH / unit.length() + 1).substring(0, LENGTH);
        Predicate<Entity> secrets = entity -> entity.action() == Action.REMOVE;
        Predicate<Entity> values =
                entity -> entity.action() != Action.KEEP && !entity.name().equals("PERSON");
        redaction = DETECTION.streams(text.startsWith("secrets") ? secrets : values);
        stream = open();
        at = 0;
    }

    @Benchmark
    public String chunk() {
        if (at == LENGTH) {
            stream.finish();
            stream = open();
            at = 0;
        }
        String given = stream.feed(answer.substring(at, at + CHUNK));
        at += CHUNK;
        return given;
    }

    /// The whole text at once: 1,024 chunks.
    @Benchmark
    public Object wholeText() {
        return DETECTION.detectInName(answer);
    }

    private RedactingStream open() {
        return redaction.open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
    }
}

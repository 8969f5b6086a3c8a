package dev.postern.cli.bench.redaction;

import dev.postern.cli.bench.Latencies;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Action;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import dev.postern.redact.stream.StreamRedaction;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The engine in this process on the same texts, on one thread, without network, JSON, policies or pseudonyms.
final class EngineReference {
    private final Detection detection = Detection.standard();
    /// As the service looks at answers unless it is told otherwise.
    private final StreamRedaction secrets = detection.streams(Selection.of(entity -> entity.action() == Action.REMOVE));
    private final List<String> chunks = Sample.chunks();
    private Iterator<String> left = chunks.iterator();
    private RedactingStream stream = open();

    RedactionFigure measure(Sample sample, Duration each) {
        Runnable work = work(sample);
        Latencies nanos = new Latencies();
        long cpu = cpuNanos();
        long began = System.nanoTime();
        long now = began;
        for (long end = began + each.toNanos(); now < end; ) {
            long before = now;
            work.run();
            now = System.nanoTime();
            nanos.add(now - before);
        }
        double cpuMicros = (cpuNanos() - cpu) / 1000.0 / nanos.count();
        Tally tally = new Tally(nanos, 0, Duration.ofNanos(now - began));
        return RedactionFigure.of("engine", sample, 1, tally, cpuMicros, Map.of());
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Runnable work(Sample sample) {
        String text = sample.text();
        return sample == Sample.CHUNK ? this::feed : () -> detection.detect(text, "content");
    }

    private void feed() {
        if (!left.hasNext()) {
            stream.finish();
            stream = open();
            left = chunks.iterator();
        }
        stream.feed(left.next());
    }

    private RedactingStream open() {
        return secrets.open("", Opaque.NOTHING, entity -> "[" + entity.name() + " removed]");
    }
}

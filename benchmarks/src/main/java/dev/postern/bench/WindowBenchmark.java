package dev.postern.bench;

import dev.postern.session.ReplayWindow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Looking at the replay window and marking it, as each frame does: numbers in order, each pair swapped, and with 40 of
/// every 41 lost.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WindowBenchmark {

    private final ReplayWindow window = new ReplayWindow(ReplayWindow.DEFAULT_BITS);
    private long next;

    @Benchmark
    public ReplayWindow.Verdict markInOrder() {
        return mark(next++);
    }

    @Benchmark
    public ReplayWindow.Verdict markSwapped() {
        return mark(next++ ^ 1);
    }

    @Benchmark
    public ReplayWindow.Verdict markWithGaps() {
        next += 41;
        return mark(next);
    }

    private ReplayWindow.Verdict mark(long seq) {
        ReplayWindow.Verdict verdict = window.peek(seq);
        window.mark(seq);
        return verdict;
    }
}

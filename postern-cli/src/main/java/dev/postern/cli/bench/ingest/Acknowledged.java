package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import java.util.ArrayList;
import java.util.List;

/// What one producer was answered in one measurement.
///
/// @param micros of each event, until its acknowledgement
/// @param last   of each request: when it was acknowledged, and the place of its last event
/// @param failed events that were not acknowledged
record Acknowledged(Latencies micros, List<Placed> last, int failed) {
    /// @param nanoTime of the acknowledgement
    record Placed(long nanoTime, long index) {}

    /// Of all producers.
    static Acknowledged all(List<Acknowledged> each) {
        Latencies micros = new Latencies();
        List<Placed> last = new ArrayList<>();
        each.forEach(one -> {
            micros.addAll(one.micros());
            last.addAll(one.last());
        });
        return new Acknowledged(
                micros, last, each.stream().mapToInt(Acknowledged::failed).sum());
    }
}

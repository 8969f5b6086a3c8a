package dev.postern.cli.bench.redaction;

import java.time.Duration;
import java.util.List;

/// How redaction is asked.
interface Way {
    /// As figures name it.
    String label();

    /// What can be asked in this way, the echo first.
    List<Sample> samples();

    Tally load(Sample sample, int streams, Duration each) throws InterruptedException;
}

package dev.postern.auditing.bench;

import dev.postern.audit.EventQuery.Term;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.index.IndexRebuild;
import dev.postern.auditing.index.RebuildReport;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Fills a log and its index with events, and measures how fast it takes them at each power of ten, what each kind of
/// question costs at the end, and how long the index takes to be rebuilt and compared. Beside it, SQLite alone.
final class QueryBench {
    private static final int QUESTIONS = 1_000;
    private static final int WARM = 300;
    private static final int LIMIT = 100;
    private static final int WINDOW = 20_000;
    private static final int SMALLEST = 1_000;
    private static final int WARM_UP = 40_000;

    private final Path directory;
    private final Clock clock;
    private final SecureRandom random;
    private final PrintStream progress;

    /// @param progress for lines that are no results
    QueryBench(Path directory, Clock clock, SecureRandom random, PrintStream progress) {
        this.directory = directory;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    /// Events a second, until they were in the index.
    ///
    /// @param entries in the log at the end of the stretch
    /// @param events  of the stretch
    record Ingest(long entries, long events, double perSecond) {}

    /// One kind of question.
    ///
    /// @param answers  events that an answer had, on average
    /// @param p99Micros until the events were read and opened
    /// @param cpuP99Micros processor time of that, which others on the machine do not lengthen
    record Question(
            String kind,
            double answers,
            double indexP50Micros,
            double indexP99Micros,
            double p50Micros,
            double p99Micros,
            double cpuP99Micros) {}

    /// One row by its key, with SQLite alone.
    record Reference(long rows, double p50Micros, double p99Micros) {}

    /// All that was measured.
    record Result(
            long entries, List<Ingest> ingest, List<Question> questions, Reference reference, RebuildReport rebuild) {}

    Result run(long entries) throws IOException, SQLException, InterruptedException {
        Instant midnight = clock.instant().truncatedTo(ChronoUnit.DAYS);
        BenchEvents events = new BenchEvents(midnight, Duration.ofDays(1).toMillis(), entries);
        say("Warming up.");
        try (BenchedLog warm = BenchedLog.open(directory.resolve("warm-up"), clock, random)) {
            warm.fill(events, WARM_UP);
            questions(warm, events, WARM_UP, WARM);
        }
        try (BenchedLog log = BenchedLog.open(directory.resolve("measured"), clock, random)) {
            List<Ingest> ingest = new ArrayList<>();
            for (long size = SMALLEST; size <= entries; size *= 10) {
                say("Filling up to " + size + " events.");
                long window = Math.min(size, WINDOW);
                var _ = log.fill(events, size - window);
                long nanos = log.fill(events, size);
                ingest.add(new Ingest(size, window, window * 1e9 / nanos));
            }
            var _ = log.fill(events, entries);
            say("Asking.");
            List<Question> questions = questions(log, events, entries, QUESTIONS);
            Reference reference = PlainSqlite.lookups(directory.resolve("plain.db"), entries, QUESTIONS * 5, random);
            say("Rebuilding the index and comparing.");
            return new Result(entries, ingest, questions, reference, rebuilt(log));
        }
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }

    private static RebuildReport rebuilt(BenchedLog log) throws InterruptedException {
        IndexRebuild rebuild = log.sequencer().rebuild();
        if (!rebuild.start()) {
            throw new IllegalStateException("nobody else rebuilds it");
        }
        return rebuild.await();
    }

    /// Makes the question about an event.
    private interface Asking {
        IndexQuery of(long number);
    }

    private record Kind(String name, Asking asking) {}

    private List<Question> questions(BenchedLog log, BenchEvents events, long entries, int count) throws IOException {
        List<Kind> kinds = List.of(
                new Kind("credential", number -> of(BenchEvents.credentialOf(number))),
                new Kind("session", number -> of(BenchEvents.sessionOf(number))),
                new Kind("key", number -> of(BenchEvents.keyOf(number))),
                new Kind("tenant", number -> of(BenchEvents.tenantOf(number))),
                new Kind("client", number -> of(BenchEvents.clientOf(number))),
                new Kind("subject", number -> of(BenchEvents.subjectOf(number))),
                new Kind("type", _ -> of(BenchEvents.type(BenchEvents.ISSUED))),
                new Kind("newest", _ -> of()),
                new Kind("key and type", number -> of(BenchEvents.keyOf(number), BenchEvents.type(BenchEvents.ISSUED))),
                new Kind(
                        "client and its tenant",
                        number -> of(BenchEvents.clientOf(number), BenchEvents.tenantOf(number))),
                new Kind(
                        "key and tenant, at random",
                        number -> of(BenchEvents.keyOf(number), BenchEvents.tenantOf(entries - number + 1))),
                new Kind("a second", number -> timed(events, number, Duration.ofSeconds(1))),
                new Kind(
                        "tenant, an hour",
                        number -> timed(events, number, Duration.ofHours(1), BenchEvents.tenantOf(number))),
                new Kind(
                        "client, an hour",
                        number -> timed(events, number, Duration.ofHours(1), BenchEvents.clientOf(number))));
        List<Question> measured = new ArrayList<>();
        for (Kind kind : kinds) {
            measured.add(measure(log, kind, entries, count));
        }
        measured.add(byName(log, entries, count));
        return measured;
    }

    private static IndexQuery of(Term... terms) {
        return IndexQuery.of(Set.of(terms), LIMIT);
    }

    private static IndexQuery timed(BenchEvents events, long number, Duration length, Term... terms) {
        Instant since = events.time(number);
        return new IndexQuery(
                Set.of(terms), Optional.of(since), Optional.of(since.plus(length)), Optional.empty(), LIMIT);
    }

    private Question measure(BenchedLog log, Kind kind, long entries, int count) throws IOException {
        Timings index = new Timings(count);
        Timings whole = new Timings(count);
        Timings cpu = new Timings(count);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long answers = 0;
        for (int i = 0; i < count; i++) {
            // Two events of one kind, so that neither finds what the other has just read.
            IndexQuery query = kind.asking().of(any(entries));
            long began = System.nanoTime();
            var _ = log.sequencer().index().search(query);
            index.add(System.nanoTime() - began);
            IndexQuery other = kind.asking().of(any(entries));
            long used = threads.getCurrentThreadCpuTime();
            long asked = System.nanoTime();
            answers += log.listing().search(other).events().size();
            whole.add(System.nanoTime() - asked);
            cpu.add(threads.getCurrentThreadCpuTime() - used);
        }
        return new Question(
                kind.name(),
                (double) answers / count,
                index.micros(0.5),
                index.micros(0.99),
                whole.micros(0.5),
                whole.micros(0.99),
                cpu.micros(0.99));
    }

    private long any(long entries) {
        return random.nextLong(1, entries + 1);
    }

    /// As `GET /v1/proofs` and a repeated event look one up.
    private Question byName(BenchedLog log, long entries, int count) throws IOException {
        Timings index = new Timings(count);
        Timings cpu = new Timings(count);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int i = 0; i < count; i++) {
            long number = any(entries);
            long used = threads.getCurrentThreadCpuTime();
            long began = System.nanoTime();
            boolean found = log.sequencer()
                    .find(BenchEvents.source(), BenchEvents.id(number))
                    .isPresent();
            index.add(System.nanoTime() - began);
            cpu.add(threads.getCurrentThreadCpuTime() - used);
            if (!found) {
                throw new IOException("event " + number + " is not in the index");
            }
        }
        return new Question(
                "source and id",
                1,
                index.micros(0.5),
                index.micros(0.99),
                index.micros(0.5),
                index.micros(0.99),
                cpu.micros(0.99));
    }
}

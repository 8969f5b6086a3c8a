package dev.postern.bench;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.json.JsonMapper;

/// Runs the benchmarks and prints a table, or JSON with `--json`; any other argument selects benchmarks by a part of
/// their names. Exits with 1 when a target is missed.
public final class BenchmarkMain {

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    /// What a benchmark has counted itself, instead of what it allocated.
    private static final String COUNTED = "octetsPerStream";
    /// Characters that the long text has more than the one of 4 KiB.
    private static final double LONGER_TEXTS_MORE = 15 * 4_096;

    private static final List<Row> ROWS = Stream.of(
                    List.of(
                            Row.of("TokenBenchmark.verifyCached", "token, remembered")
                                    .atMost(2)
                                    .beside("TokenBenchmark.referenceDigest"),
                            Row.of("TokenBenchmark.verifyUncached", "token, first time")
                                    .atMost(120)
                                    .beside("TokenBenchmark.referenceEcdsa"),
                            Row.of("TokenBenchmark.verifyDpopProof", "DPoP proof")
                                    .beside("TokenBenchmark.referenceEcdsa"),
                            Row.of("TokenBenchmark.parseDetails", "authorization details"),
                            Row.of("TokenBenchmark.referenceDigest", "reference: SHA-256 of the token"),
                            Row.of("TokenBenchmark.referenceEcdsa", "reference: ECDSA by the JDK"),
                            Row.of("PolicyBenchmark.decide", "policy decision, 8 rules")
                                    .atMost(5)
                                    .beside("PolicyBenchmark.referenceJava"),
                            Row.of("PolicyBenchmark.explain", "policy explanation")
                                    .beside("PolicyBenchmark.referenceJava"),
                            Row.of("PolicyBenchmark.containment", "containment, 1 rule"),
                            Row.of("PolicyBenchmark.referenceJava", "reference: the rules in Java")),
                    frames("64", "64 B"),
                    frames("1024", "1 KiB"),
                    frames("8192", "8 KiB"),
                    redaction(),
                    Stream.of("prose", "german", "russian", "chinese", "values", "code", "json", "base64")
                            .map(BenchmarkMain::scanners)
                            .toList(),
                    streams("secrets in prose"),
                    streams("secrets in code"),
                    streams("all but names in prose"),
                    streams("all but names in code"),
                    // Checks of telephone numbers take nearly all of it, in a stream and in one text alike.
                    List.of(Row.of(
                                    "RedactingStreamBenchmark.chunk[all but names in values]",
                                    "4 characters full of values")
                            .beside("RedactingStreamBenchmark.wholeText[all but names in values]")),
                    List.of(
                            liveStream("in prose"),
                            liveStream("in values"),
                            liveStream("in one long word"),
                            Row.of("EngineStartBenchmark.start", "engine start, in a new JVM")
                                    .atMost(2_000_000)),
                    handshake("X_WING"),
                    handshake("X25519"),
                    List.of(
                            Row.of("WindowBenchmark.markInOrder", "window mark, in order"),
                            Row.of("WindowBenchmark.markSwapped", "window mark, pairs swapped"),
                            Row.of("WindowBenchmark.markWithGaps", "window mark, 40 of 41 lost")))
            .flatMap(List::stream)
            .toList();

    private static List<Row> frames(String content, String title) {
        String of = "[" + content + "]";
        return List.of(
                Row.of("FrameBenchmark.seal" + of, "seal " + title)
                        .beside("FrameBenchmark.bareSeal" + of)
                        .timesAtMost(1.3),
                // Between its calls the same number of frames is sealed, and that allocates, too.
                Row.of("FrameBenchmark.open" + of, "open " + title + " (octets: and seal)")
                        .beside("FrameBenchmark.bareOpen" + of)
                        .timesAtMost(1.3),
                Row.of("FrameBenchmark.bareSeal" + of, "reference: Cipher seals it, padded"),
                Row.of("FrameBenchmark.bareOpen" + of, "reference: Cipher opens it, padded"),
                Row.of("FrameBenchmark.bareSealInto" + of, "Cipher seals it into an old array"),
                Row.of("FrameBenchmark.bareOpenInto" + of, "Cipher opens it into an old array"),
                Row.of("FrameBenchmark.bareSealUnpadded" + of, "Cipher seals it without padding"));
    }

    private static List<Row> redaction() {
        return List.of(
                Row.of("RedactionBenchmark.structuredProse[PORTABLE]", "rules, 4 KiB of prose")
                        .atMost(100)
                        .slowestAtMost(1_000)
                        .beside("RedactionBenchmark.structuredProse[NATIVE]"),
                Row.of("RedactionBenchmark.structuredDense[PORTABLE]", "rules, 4 KiB with 45 values")
                        .slowestAtMost(1_000)
                        .beside("RedactionBenchmark.structuredDense[NATIVE]"),
                Row.of("RedactionBenchmark.structuredProseWithPack[PORTABLE]", "prose, with a tenant's 20 rules")
                        .atMost(100)
                        .beside("RedactionBenchmark.structuredProse[PORTABLE]"),
                Row.of("RedactionBenchmark.structuredDenseWithPack[PORTABLE]", "values, with a tenant's 20 rules")
                        .beside("RedactionBenchmark.structuredDense[PORTABLE]"),
                Row.of("RedactionBenchmark.structuredLongProse[PORTABLE]", "rules, 64 KiB of prose")
                        .beside("RedactionBenchmark.structuredProse[PORTABLE]")
                        .octetsMoreAtMost(0.01),
                Row.of("RedactionBenchmark.sentenceAll[PORTABLE]", "rules and names, a sentence")
                        .atMost(100)
                        .beside("RedactionBenchmark.sentenceRules[PORTABLE]"),
                Row.of("RedactionBenchmark.sentenceRules[PORTABLE]", "rules, a sentence"),
                Row.of("RedactionBenchmark.allProse[PORTABLE]", "rules and names, prose"),
                Row.of("RedactionBenchmark.allDense[PORTABLE]", "rules and names, 45 values"),
                Row.of("RedactionBenchmark.structuredProse[NATIVE]", "prose, native scanner"),
                Row.of("RedactionBenchmark.structuredDense[NATIVE]", "45 values, native scanner"));
    }

    private static Row scanners(String text) {
        return Row.of("ScannersBenchmark.rules[PORTABLE," + text + "]", "4,096 characters of " + text)
                .beside("ScannersBenchmark.rules[NATIVE," + text + "]");
    }

    private static Row liveStream(String place) {
        return Row.of("LiveStreamBenchmark.open[" + place + "]", "octets of a live stream " + place)
                .octetsAtMost(4_096);
    }

    private static List<Row> streams(String text) {
        String of = "[" + text + "]";
        return List.of(
                Row.of("RedactingStreamBenchmark.chunk" + of, "4 characters, " + text)
                        .atMost(2)
                        .beside("RedactingStreamBenchmark.wholeText" + of),
                Row.of("RedactingStreamBenchmark.wholeText" + of, "reference: all rules over 4,096 at once"));
    }

    private static List<Row> handshake(String suite) {
        String of = "[" + suite + "]";
        String reference = "HandshakeBenchmark.bareHpke" + of;
        return List.of(
                Row.of("HandshakeBenchmark.clientOffers" + of, suite + " client offers"),
                Row.of("HandshakeBenchmark.relayAnswers" + of, suite + " relay opens and accepts"),
                Row.of("HandshakeBenchmark.clientFinishes" + of, suite + " client finishes"),
                Row.of("HandshakeBenchmark.whole" + of, suite + " whole handshake")
                        .beside(reference),
                Row.of(reference, "reference: its HPKE by Conscrypt"));
    }

    /// What a figure is held to.
    private enum Measure {
        MICROS("us", "target_us"),
        /// What 99 of 100 calls stay below.
        SLOWEST("99 % us", "target_p99_us"),
        /// How many times its reference it takes.
        TIMES("times", "target_times"),
        OCTETS("octets", "target_octets"),
        /// Octets for each character that its text has more than its reference's.
        OCTETS_MORE("octets more", "target_octets_more");

        private final String unit;
        private final String member;

        Measure(String unit, String member) {
            this.unit = unit;
            this.member = member;
        }

        double of(Figure figure, Figure reference) {
            return switch (this) {
                case MICROS -> figure.micros();
                case SLOWEST -> figure.slowest();
                case TIMES -> figure.micros() / reference.micros();
                case OCTETS -> figure.allocated();
                case OCTETS_MORE -> (figure.allocated() - reference.allocated()) / LONGER_TEXTS_MORE;
            };
        }
    }

    /// @param most of each measure that is promised
    /// @param reference whom it is compared with; empty for none
    private record Row(String benchmark, String title, Map<Measure, Double> most, String reference) {
        static Row of(String benchmark, String title) {
            return new Row(benchmark, title, Map.of(), "");
        }

        Row atMost(double micros) {
            return with(Measure.MICROS, micros);
        }

        Row slowestAtMost(double micros) {
            return with(Measure.SLOWEST, micros);
        }

        Row timesAtMost(double factor) {
            return with(Measure.TIMES, factor);
        }

        Row octetsAtMost(double octets) {
            return with(Measure.OCTETS, octets);
        }

        Row octetsMoreAtMost(double octets) {
            return with(Measure.OCTETS_MORE, octets);
        }

        Row beside(String other) {
            return new Row(benchmark, title, most, other);
        }

        private Row with(Measure measure, double value) {
            Map<Measure, Double> all = new EnumMap<>(Measure.class);
            all.putAll(most);
            all.put(measure, value);
            return new Row(benchmark, title, all, reference);
        }

        boolean isMissed(Map<String, Figure> figures) {
            Figure figure = at(figures, benchmark);
            Figure beside = at(figures, reference);
            // What was not measured is not known to be missed.
            return most.entrySet().stream().anyMatch(entry -> entry.getKey().of(figure, beside) > entry.getValue());
        }
    }

    /// @param micros the median, which other work on the machine moves less than a mean: of single calls, or of the
    /// means of one-second iterations where calls are too short to be timed
    /// @param slowest the 99th percentile of what `micros` is the median of
    /// @param error half the width of the mean's 99.9 % confidence interval
    /// @param allocated octets for each operation, or what the benchmark counted itself
    private record Figure(double micros, double slowest, double error, double allocated) {
        private static final Figure NONE = new Figure(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    private BenchmarkMain() {}

    public static void main(String[] arguments) throws RunnerException {
        List<String> selected = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        boolean json = Arrays.asList(arguments).contains("--json");
        OptionsBuilder options = new OptionsBuilder();
        options.verbosity(VerboseMode.SILENT);
        options.shouldFailOnError(true);
        options.addProfiler(GCProfiler.class);
        (selected.isEmpty() ? List.of("dev\\.postern\\.bench\\.") : selected).forEach(options::include);
        Map<String, Figure> figures = figures(new Runner(options.build()).run());
        List<Row> measured = ROWS.stream()
                .filter(row -> figures.containsKey(row.benchmark()))
                .toList();
        print(measured, figures, json, System.out);
        if (measured.stream().anyMatch(row -> row.isMissed(figures))) {
            System.exit(1);
        }
    }

    private static Map<String, Figure> figures(Collection<RunResult> results) {
        return results.stream()
                .collect(Collectors.toMap(
                        result -> name(result.getParams()),
                        result -> new Figure(
                                result.getPrimaryResult().getStatistics().getPercentile(50),
                                result.getPrimaryResult().getStatistics().getPercentile(99),
                                result.getPrimaryResult().getScoreError(),
                                allocated(result))));
    }

    private static double allocated(RunResult result) {
        Result<?> counted = result.getSecondaryResults().get(COUNTED);
        Result<?> octets = counted == null ? result.getSecondaryResults().get(ALLOCATED) : counted;
        return octets == null ? Double.NaN : octets.getScore();
    }

    /// The benchmark's, and what it was run with in brackets.
    private static String name(BenchmarkParams run) {
        String parameters = run.getParamsKeys().stream().map(run::getParam).collect(Collectors.joining(","));
        return run.getBenchmark().replace("dev.postern.bench.", "")
                + (parameters.isEmpty() ? "" : "[" + parameters + "]");
    }

    private static double ratio(Row row, Map<String, Figure> figures) {
        return at(figures, row.benchmark()).micros()
                / at(figures, row.reference()).micros();
    }

    private static Figure at(Map<String, Figure> figures, String benchmark) {
        return figures.getOrDefault(benchmark, Figure.NONE);
    }

    private static void print(List<Row> rows, Map<String, Figure> figures, boolean json, PrintStream out) {
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(document(rows, figures)));
            return;
        }
        out.printf("%-36s %10s %10s %8s %8s %6s  %s%n", "what", "us", "99 %", "+-", "octets", "times", "target");
        for (Row row : rows) {
            Figure figure = at(figures, row.benchmark());
            out.printf(
                    Locale.ROOT,
                    "%-36s %10.3f %10.3f %8.3f %8.0f %6s  %s%n",
                    row.title(),
                    figure.micros(),
                    figure.slowest(),
                    figure.error(),
                    figure.allocated(),
                    figures.containsKey(row.reference()) ? String.format(Locale.ROOT, "%.2f", ratio(row, figures)) : "",
                    target(row, figures));
        }
    }

    private static String target(Row row, Map<String, Figure> figures) {
        if (row.most().isEmpty()) {
            return "";
        }
        String aims = row.most().entrySet().stream()
                .map(entry -> number(entry.getValue()) + " " + entry.getKey().unit)
                .collect(Collectors.joining(", "));
        return aims + (row.isMissed(figures) ? " MISSED" : " met");
    }

    private static String number(double value) {
        return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private static Map<String, Object> document(List<Row> rows, Map<String, Figure> figures) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> entry = new LinkedHashMap<>();
            Figure figure = at(figures, row.benchmark());
            entry.put("benchmark", row.benchmark());
            entry.put("what", row.title());
            entry.put("us", figure.micros());
            entry.put("p99_us", figure.slowest());
            entry.put("error_us", figure.error());
            entry.put("allocated_octets", figure.allocated());
            row.most().forEach((measure, most) -> entry.put(measure.member, most));
            if (!row.most().isEmpty()) {
                entry.put("met", !row.isMissed(figures));
            }
            if (figures.containsKey(row.reference())) {
                entry.put("reference_us", at(figures, row.reference()).micros());
                entry.put("times", ratio(row, figures));
            }
            entries.add(entry);
        }
        return Map.of("jdk", Runtime.version().toString(), "benchmarks", entries);
    }
}

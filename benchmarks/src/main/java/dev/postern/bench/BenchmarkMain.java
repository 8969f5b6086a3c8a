package dev.postern.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.json.JsonMapper;

/// Runs the benchmarks and prints a table, or JSON with `--json`; any other argument selects benchmarks by a part of
/// their names. Exits with 1 when a target is missed.
public final class BenchmarkMain {

    private static final List<Row> ROWS = List.of(
            new Row(
                    "TokenBenchmark.verifyCached",
                    "token, remembered",
                    Optional.of(2.0),
                    "TokenBenchmark.referenceDigest"),
            new Row(
                    "TokenBenchmark.verifyUncached",
                    "token, first time",
                    Optional.of(120.0),
                    "TokenBenchmark.referenceEcdsa"),
            new Row("TokenBenchmark.verifyDpopProof", "DPoP proof", Optional.empty(), "TokenBenchmark.referenceEcdsa"),
            new Row("TokenBenchmark.parseDetails", "authorization details", Optional.empty(), ""),
            new Row("TokenBenchmark.referenceDigest", "reference: SHA-256 of the token", Optional.empty(), ""),
            new Row("TokenBenchmark.referenceEcdsa", "reference: ECDSA by the JDK", Optional.empty(), ""),
            new Row(
                    "PolicyBenchmark.decide",
                    "policy decision, 8 rules",
                    Optional.of(5.0),
                    "PolicyBenchmark.referenceJava"),
            new Row("PolicyBenchmark.explain", "policy explanation", Optional.empty(), "PolicyBenchmark.referenceJava"),
            new Row("PolicyBenchmark.containment", "containment, 1 rule", Optional.empty(), ""),
            new Row("PolicyBenchmark.referenceJava", "reference: the rules in Java", Optional.empty(), ""));

    /// @param most microseconds that are promised
    /// @param reference whose time it is compared with; empty for none
    private record Row(String benchmark, String title, Optional<Double> most, String reference) {}

    /// @param error half the width of the 99.9 % confidence interval
    private record Figure(double micros, double error) {}

    private BenchmarkMain() {}

    public static void main(String[] arguments) throws RunnerException {
        List<String> selected = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        boolean json = Arrays.asList(arguments).contains("--json");
        OptionsBuilder options = new OptionsBuilder();
        options.verbosity(VerboseMode.SILENT);
        options.shouldFailOnError(true);
        (selected.isEmpty() ? List.of("dev\\.postern\\.bench\\.") : selected).forEach(options::include);
        Map<String, Figure> figures = figures(new Runner(options.build()).run());
        List<Row> measured = ROWS.stream()
                .filter(row -> figures.containsKey(row.benchmark()))
                .toList();
        print(measured, figures, json, System.out);
        if (measured.stream().anyMatch(row -> isMissed(row, figures))) {
            System.exit(1);
        }
    }

    private static Map<String, Figure> figures(Collection<RunResult> results) {
        return results.stream()
                .collect(Collectors.toMap(
                        result -> result.getParams().getBenchmark().replace("dev.postern.bench.", ""),
                        result -> new Figure(
                                result.getPrimaryResult().getScore(),
                                result.getPrimaryResult().getScoreError())));
    }

    private static boolean isMissed(Row row, Map<String, Figure> figures) {
        return row.most().isPresent()
                && at(figures, row.benchmark()).micros() > row.most().get();
    }

    private static Figure at(Map<String, Figure> figures, String benchmark) {
        return figures.getOrDefault(benchmark, new Figure(Double.NaN, Double.NaN));
    }

    private static void print(List<Row> rows, Map<String, Figure> figures, boolean json, PrintStream out) {
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(document(rows, figures)));
            return;
        }
        out.printf("%-34s %12s %10s %8s  %s%n", "what", "us", "+-", "target", "times its reference");
        for (Row row : rows) {
            Figure figure = at(figures, row.benchmark());
            out.printf(
                    Locale.ROOT,
                    "%-34s %12.3f %10.3f %8s  %s%n",
                    row.title(),
                    figure.micros(),
                    figure.error(),
                    row.most()
                            .map(most -> Math.round(most) + (isMissed(row, figures) ? " MISSED" : " met"))
                            .orElse(""),
                    row.reference().isEmpty()
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "%.2f",
                                    figure.micros()
                                            / at(figures, row.reference()).micros()));
        }
    }

    private static Map<String, Object> document(List<Row> rows, Map<String, Figure> figures) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> entry = new LinkedHashMap<>();
            Figure figure = at(figures, row.benchmark());
            entry.put("benchmark", row.benchmark());
            entry.put("what", row.title());
            entry.put("us", figure.micros());
            entry.put("error_us", figure.error());
            row.most().ifPresent(most -> {
                entry.put("target_us", most);
                entry.put("met", !isMissed(row, figures));
            });
            if (figures.containsKey(row.reference())) {
                entry.put("reference_us", at(figures, row.reference()).micros());
            }
            entries.add(entry);
        }
        return Map.of("jdk", Runtime.version().toString(), "benchmarks", entries);
    }
}

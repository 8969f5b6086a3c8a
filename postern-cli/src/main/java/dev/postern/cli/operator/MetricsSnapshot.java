package dev.postern.cli.operator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The metrics of one service at one moment, in Prometheus' text form.
public record MetricsSnapshot(List<String> lines) {
    private static final Pattern BUCKET = Pattern.compile("le=\"([^\"]+)\".* ([0-9.eE+-]+)$");

    public MetricsSnapshot {
        lines = List.copyOf(lines);
    }

    public static MetricsSnapshot parse(String text) {
        return new MetricsSnapshot(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList());
    }

    /// The sum over all series of a metric whose labels contain `label` (empty for all of them).
    public double sum(String metric, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(metric)
                        && line.length() > metric.length()
                        && (line.charAt(metric.length()) == '{' || line.charAt(metric.length()) == ' '))
                .filter(line -> line.contains(label))
                .mapToDouble(MetricsSnapshot::value)
                .sum();
    }

    /// What was counted between an earlier snapshot and this one.
    public MetricsSnapshot since(MetricsSnapshot before) {
        Map<String, Double> earlier = new HashMap<>();
        before.lines.forEach(line -> earlier.put(series(line), value(line)));
        return new MetricsSnapshot(lines.stream()
                .map(line -> series(line) + " " + (value(line) - earlier.getOrDefault(series(line), 0.0)))
                .toList());
    }

    private static String series(String line) {
        return line.substring(0, Math.max(0, line.lastIndexOf(' ')));
    }

    private static double value(String line) {
        String number = line.substring(line.lastIndexOf(' ') + 1);
        return Double.parseDouble(number.endsWith("Inf") ? number + "inity" : number);
    }

    /// A quantile of a timer: as the service computed it, else from its buckets (the upper edge of the one it falls
    /// into); 0 when there is neither.
    public double quantile(String metric, double share) {
        double published = sum(metric, "quantile=\"" + share + "\"");
        return published > 0 ? published : fromBuckets(metric + "_bucket", share);
    }

    private double fromBuckets(String metric, double share) {
        TreeMap<Double, Double> cumulative = new TreeMap<>();
        for (String line : lines) {
            Matcher bucket = BUCKET.matcher(line);
            if (line.startsWith(metric + "{") && bucket.find()) {
                double edge =
                        bucket.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.group(1));
                cumulative.merge(edge, Double.parseDouble(bucket.group(2)), Double::sum);
            }
        }
        double wanted = cumulative.isEmpty() ? 0 : cumulative.lastEntry().getValue() * share;
        return cumulative.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= wanted && wanted > 0)
                .map(Map.Entry::getKey)
                .filter(Double::isFinite)
                .findFirst()
                .orElse(0.0);
    }
}

package dev.postern.cli.operator;

import java.util.List;

/// The metrics of one service at one moment, in Prometheus' text form.
public record MetricsSnapshot(List<String> lines) {
    public MetricsSnapshot {
        lines = List.copyOf(lines);
    }

    public static MetricsSnapshot parse(String text) {
        return new MetricsSnapshot(
                text.lines().filter(line -> !line.startsWith("#")).toList());
    }

    /// The sum over all series of a metric whose labels contain `label` (empty for all of them).
    public double sum(String metric, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(metric)
                        && line.length() > metric.length()
                        && (line.charAt(metric.length()) == '{' || line.charAt(metric.length()) == ' '))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}

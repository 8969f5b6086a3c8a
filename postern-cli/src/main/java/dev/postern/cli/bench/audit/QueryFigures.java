package dev.postern.cli.bench.audit;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// What the index was measured to do.
///
/// @param document as the audit-service's program printed it
public record QueryFigures(JsonNode document) {
    private static final double PROMISED_MICROS = 10_000;
    /// Of the rate at ten thousand events, what the slowest later stretch must reach. Not of that at a thousand, most
    /// of which is pauses between checkpoints.
    private static final double FLAT = 0.7;

    private static final long FROM = 10_000;

    static QueryFigures of(JsonNode document) {
        return new QueryFigures(document);
    }

    /// The slowest kind of question, of an answer's 99th percentile.
    public double worstMicros() {
        double worst = 0;
        for (JsonNode question : document.path("questions")) {
            worst = Math.max(worst, question.path("p99Micros").asDouble(0));
        }
        return worst;
    }

    /// Whether the log took events at least 70 % as fast as at ten thousand. Rates are measured up to each power of ten
    /// and not beyond the last.
    public boolean isFlat() {
        double first = 0;
        double least = Double.MAX_VALUE;
        for (JsonNode stretch : document.path("ingest")) {
            if (stretch.path("entries").asLong(0) >= FROM) {
                double rate = stretch.path("perSecond").asDouble(0);
                first = first == 0 ? rate : first;
                least = Math.min(least, rate);
            }
        }
        return first == 0 || least >= FLAT * first;
    }

    /// Whether the index that grew is what the log says.
    public boolean isEqual() {
        return document.path("rebuild").path("state").asString("").equals("EQUAL");
    }

    /// Whether everything promised was reached.
    public boolean passed() {
        return isEqual() && isFlat() && worstMicros() > 0 && worstMicros() <= PROMISED_MICROS;
    }

    /// As tables.
    public String text() {
        StringBuilder out = new StringBuilder();
        for (JsonNode stretch : document.path("ingest")) {
            out.append(String.format(
                    Locale.ROOT,
                    "%,11d events in the log: %,7.0f events/s into log and index\n",
                    stretch.path("entries").asLong(0),
                    stretch.path("perSecond").asDouble(0)));
        }
        out.append(String.format(
                Locale.ROOT,
                "%-28s %8s %12s %12s %9s %9s %12s\n",
                "question",
                "answers",
                "index p50 ms",
                "index p99 ms",
                "p50 ms",
                "p99 ms",
                "CPU p99 ms"));
        for (JsonNode question : document.path("questions")) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-28s %8.1f %12.2f %12.2f %9.2f %9.2f %12.2f\n",
                    question.path("kind").asString(""),
                    question.path("answers").asDouble(0),
                    millis(question, "indexP50Micros"),
                    millis(question, "indexP99Micros"),
                    millis(question, "p50Micros"),
                    millis(question, "p99Micros"),
                    millis(question, "cpuP99Micros")));
        }
        JsonNode reference = document.path("reference");
        out.append(String.format(
                Locale.ROOT,
                "SQLite alone, a row by its key among %,d: p50 %.1f us, p99 %.1f us\n",
                reference.path("rows").asLong(0),
                reference.path("p50Micros").asDouble(0),
                reference.path("p99Micros").asDouble(0)));
        JsonNode rebuild = document.path("rebuild");
        out.append(String.format(
                Locale.ROOT,
                "index rebuilt from the log and compared: %s, %.1f s\n",
                rebuild.path("state").asString(""),
                rebuild.path("milliseconds").asLong(0) / 1000.0));
        return out.toString();
    }

    private static double millis(JsonNode question, String name) {
        return question.path(name).asDouble(0) / 1000;
    }
}

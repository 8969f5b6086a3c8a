package dev.postern.cli.bench.redaction;

import java.util.List;
import java.util.OptionalDouble;

/// All that was measured in one run.
public record RedactionReport(List<RedactionFigure> figures) {
    public RedactionReport {
        figures = List.copyOf(figures);
    }

    /// Microseconds of a figure's median beyond the echo on the same way with as many streams: what redaction adds.
    /// Nothing for the echo itself, and where there is none.
    public OptionalDouble addedMicros(RedactionFigure figure) {
        return figures.stream()
                .filter(echo -> echo.text().equals(Sample.ECHO.label())
                        && !figure.text().equals(echo.text())
                        && echo.way().equals(figure.way())
                        && echo.streams() == figure.streams())
                .mapToDouble(echo -> figure.p50Micros() - echo.p50Micros())
                .findFirst();
    }

    /// Whether everything was answered as it should be.
    public boolean passed() {
        return figures.stream().allMatch(figure -> figure.failed() == 0 && figure.perSecond() > 0);
    }
}

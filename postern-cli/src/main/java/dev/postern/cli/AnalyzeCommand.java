package dev.postern.cli;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/// `postern analyze`: JSON lines in, JSON lines out, the engine in this process. A line is answered, and flushed,
/// before the next one is read.
@Command(
        name = "analyze",
        description = "Finds personal data and secrets in JSON lines {id, text, lang?}; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Answers {id, spans: [{start, end, entity, score}]} line by line; offsets are Unicode code points.",
            "Spans are disjoint, but for values of more than one possible kind: those have a span for each.",
            "Ends 0, or 1 when a line was no such object: that line is answered {id, error}."
        })
final class AnalyzeCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard input.")
    private @Nullable Path file;

    @Option(
            names = "--taxonomy",
            defaultValue = "postern",
            description = "Whose names entities get: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Taxonomy taxonomy = Taxonomy.POSTERN;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            description = "The lowest score to report. Default: ${DEFAULT-VALUE}.")
    private double threshold = 0.5;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Detection detection = engine.detection(threshold);
        return new TextLines(spec.commandLine().getOut())
                .answer(
                        file,
                        (text, language, into) ->
                                spans(text, detection.analyze(text, language), into.putArray("spans")));
    }

    private void spans(String text, List<Span> spans, ArrayNode into) {
        int units = 0;
        int codePoints = 0;
        for (Span span : spans) {
            codePoints += text.codePointCount(units, span.start());
            units = span.start();
            into.addObject()
                    .put("start", codePoints)
                    .put("end", codePoints + text.codePointCount(span.start(), span.end()))
                    .put("entity", span.entity().name(taxonomy))
                    .put("score", Math.round(span.score() * 1000) / 1000.0);
        }
    }
}

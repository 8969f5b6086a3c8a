package dev.postern.cli;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `postern redact`: JSON lines in, JSON lines without the values out, the engine in this process.
@Command(
        name = "redact",
        description =
                "Replaces personal data and secrets in JSON lines {id, text} by what they are; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Answers {id, text} line by line, with [EMAIL] for an address; nothing can be restored.",
            "What stays in prompts unless a policy says otherwise (web addresses, dates) stays here.",
            "Ends 0, or 1 when a line was no such object: that line is answered {id, error}."
        })
final class RedactCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard input.")
    private @Nullable Path file;

    @Option(
            names = "--taxonomy",
            defaultValue = "postern",
            description = "Whose names entities get: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Taxonomy taxonomy = Taxonomy.POSTERN;

    @Mixin
    private ScannerOption scanner = new ScannerOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Detection detection = Detection.standard(scanner.choice());
        return new TextLines(spec.commandLine().getOut())
                .answer(file, (text, _, into) -> into.put("text", redacted(text, detection)));
    }

    private String redacted(String text, Detection detection) {
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (Span span : detection.detect(text, "")) {
            out.append(text, copied, span.start())
                    .append('[')
                    .append(span.entity().name(taxonomy))
                    .append(']');
            copied = span.end();
        }
        return out.append(text, copied, text.length()).toString();
    }
}

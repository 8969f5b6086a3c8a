package dev.postern.cli;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.redact.entity.Taxonomy;
import dev.postern.redact.eval.Evaluation;
import dev.postern.redact.eval.Evaluation.Miss;
import dev.postern.redact.eval.Labelled;
import dev.postern.redact.eval.LabelledFiles;
import dev.postern.redact.eval.Tally;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern eval`: the engine's figures on labelled files.
@Command(
        name = "eval",
        description = "Scores the redaction engine on labelled files; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "FILE: JSON lines {id, text, lang?, spans: [{start, end, entity, weak?}], absent?: [entity]},",
            "or a document {cases: […]} of Presidio's unit tests or validator.js' values.",
            "covered: 90 %% of a value's characters are in spans of any entity; found: of its own entity.",
            "Weak values, which only their surroundings tell, are counted apart."
        })
final class EvalCommand implements Callable<Integer> {
    private static final String ROW = "%-28s %6s %6s %6s %6s %6s %6s %6s %6s %6s %8s %9s";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Labelled files.")
    private List<Path> files = List.of();

    @Option(
            names = "--taxonomy",
            defaultValue = "presidio",
            description = "Whose names the files use: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Taxonomy taxonomy = Taxonomy.PRESIDIO;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(names = "--misses", description = "Print the texts that were missed or flagged: they hold what files hold.")
    private boolean misses;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Labelled> texts = new ArrayList<>();
        files.forEach(file -> texts.addAll(read(file)));
        Evaluation evaluation = Evaluation.of(texts, engine.detection(), taxonomy);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(document(texts.size(), evaluation));
        } else {
            table(texts.size(), evaluation, out);
        }
        out.flush();
        return 0;
    }

    private static List<Labelled> read(Path file) {
        try {
            return LabelledFiles.read(Files.readString(file));
        } catch (CharacterCodingException _) {
            throw new Failure(ExitCode.FAILED, file + " is not UTF-8.");
        } catch (IOException _) {
            throw new Failure(ExitCode.FAILED, file + " cannot be read: name a file that you may read.");
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.FAILED, file + ": " + e.getMessage() + ".");
        }
    }

    private void table(int texts, Evaluation evaluation, PrintWriter out) {
        out.printf("%d texts%n", texts);
        out.printf(
                ROW + "%n",
                "entity",
                "values",
                "cover",
                "found",
                "prec",
                "F1",
                "F2",
                "c.rec",
                "c.prec",
                "c.F1",
                "weak",
                "negatives");
        evaluation.byEntity().forEach((entity, tally) -> out.println(row(entity, tally)));
        out.println(row("all", evaluation.all()));
        if (misses) {
            evaluation
                    .misses()
                    .forEach(miss -> out.println((miss.flagged() ? "flagged " : "missed ") + miss.entity() + " in "
                            + miss.labelled().text() + " (found: " + String.join(", ", miss.foundInstead()) + ")"));
        }
    }

    private static String row(String entity, Tally tally) {
        return ROW.formatted(
                entity,
                tally.values(),
                share(tally.coverage()),
                share(tally.recall()),
                share(tally.precision()),
                share(Tally.f(1, tally.precision(), tally.recall())),
                share(Tally.f(2, tally.precision(), tally.recall())),
                share(tally.characterRecall()),
                share(tally.characterPrecision()),
                share(Tally.f(1, tally.characterPrecision(), tally.characterRecall())),
                tally.weakCovered() + "/" + tally.weak(),
                tally.flagged() + "/" + tally.negatives());
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }

    private ObjectNode document(int texts, Evaluation evaluation) {
        ObjectNode document = new JsonMapper().createObjectNode().put("texts", texts);
        describe(evaluation.all(), document.putObject("all"));
        ObjectNode entities = document.putObject("entities");
        evaluation.byEntity().forEach((entity, tally) -> describe(tally, entities.putObject(entity)));
        if (misses) {
            ArrayNode missed = document.putArray("misses");
            for (Miss miss : evaluation.misses()) {
                ArrayNode found = missed.addObject()
                        .put("id", miss.labelled().id())
                        .put("text", miss.labelled().text())
                        .put("entity", miss.entity())
                        .put("flagged", miss.flagged())
                        .putArray("found");
                miss.foundInstead().forEach(found::add);
            }
        }
        return document;
    }

    private static void describe(Tally tally, ObjectNode into) {
        into.put("values", tally.values())
                .put("covered", tally.covered())
                .put("found", tally.found())
                .put("coverage", tally.coverage())
                .put("recall", tally.recall())
                .put("precision", tally.precision())
                .put("f1", Tally.f(1, tally.precision(), tally.recall()))
                .put("f2", Tally.f(2, tally.precision(), tally.recall()))
                .put("characterRecall", tally.characterRecall())
                .put("characterPrecision", tally.characterPrecision())
                .put("weak", tally.weak())
                .put("weakCovered", tally.weakCovered())
                .put("negatives", tally.negatives())
                .put("negativesFlagged", tally.flagged());
    }
}

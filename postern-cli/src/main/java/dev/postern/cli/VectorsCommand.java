package dev.postern.cli;

import dev.postern.session.VectorFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern vectors`: ends 0 when every file agrees with the production code, 1 when one does not, 2 when one cannot
/// be read as known answers.
@Command(
        name = "vectors",
        description = "Checks files of SSP1 known answers with the code that runs in production.",
        mixinStandardHelpOptions = true,
        footer = {"", "Ends 0 when all agree, 1 at a mismatch, 2 when a file is not one of known answers."})
final class VectorsCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int UNREADABLE = 2;
    private static final int MAX_FILE = 1 << 20;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "In the form of testdata/vectors/ssp1-*.json.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Checked> results = files.stream().map(VectorsCommand::check).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(document(results));
        } else {
            results.forEach(result -> out.println(result.sentence()));
        }
        out.flush();
        return results.stream().mapToInt(Checked::code).max().orElse(UNREADABLE);
    }

    private static Checked check(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_FILE + 1);
            return octets.length > MAX_FILE
                    ? new Unreadable(file, "longer than 1 MiB")
                    : new Compared(file, VectorFile.check(octets));
        } catch (IOException _) {
            return new Unreadable(file, "cannot be read");
        } catch (IllegalArgumentException e) {
            return new Unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode document(List<Checked> results) {
        ObjectNode document =
                new JsonMapper().createObjectNode().put("ok", results.stream().allMatch(result -> result.code() == 0));
        ArrayNode all = document.putArray("files");
        for (Checked result : results) {
            result.describe(
                    all.addObject().put("file", result.file().toString()).put("ok", result.code() == 0));
        }
        return document;
    }

    /// What came of one file.
    private sealed interface Checked {
        Path file();

        int code();

        String sentence();

        void describe(ObjectNode json);
    }

    private record Unreadable(Path file, String why) implements Checked {
        @Override
        public int code() {
            return UNREADABLE;
        }

        @Override
        public String sentence() {
            return "UNREADABLE " + file + ": " + why;
        }

        @Override
        public void describe(ObjectNode json) {
            json.put("error", why);
        }
    }

    private record Compared(Path file, VectorFile.Report report) implements Checked {
        @Override
        public int code() {
            return report.firstMismatch().isEmpty() ? 0 : DIFFERENT;
        }

        @Override
        public String sentence() {
            Optional<String> mismatch = report.firstMismatch();
            return mismatch.map(member -> "DIFFERENT  " + file + ": " + member)
                    .orElseGet(
                            () -> "ok         " + file + ": " + report.checks().size() + " values; not checked: "
                                    + String.join(", ", report.unchecked()));
        }

        @Override
        public void describe(ObjectNode json) {
            json.put("values", report.checks().size());
            report.firstMismatch().ifPresent(member -> json.put("mismatch", member));
            ArrayNode unchecked = json.putArray("unchecked");
            report.unchecked().forEach(unchecked::add);
        }
    }
}

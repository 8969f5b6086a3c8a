package dev.postern.cli;

import dev.postern.cli.Utf8Lines.Line;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Texts as JSON lines `{id, text, lang?}`, each answered, and flushed, before the next is read. A line that is no such
/// object is answered `{id, error}`, with its number and what to do.
final class TextLines {
    private static final int LONGEST_TEXT = 16 << 20;
    /// Room for the longest text with some escapes.
    private static final int LONGEST_LINE = 64 << 20;

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final PrintWriter out;

    TextLines(PrintWriter out) {
        this.out = out;
    }

    @FunctionalInterface
    interface Answer {
        /// Writes what is said of a text into its answer.
        void write(String text, String language, ObjectNode into);
    }

    /// The command's exit code.
    ///
    /// @param file standard input when absent
    int answer(@Nullable Path file, Answer answer) {
        boolean allRead = true;
        try (InputStream in = file == null ? System.in : Files.newInputStream(file)) {
            Utf8Lines lines = new Utf8Lines(in, LONGEST_LINE);
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (!(line.get() instanceof Line.Text(long _, String text) && text.isBlank())) {
                    ObjectNode document = document(line.get(), answer);
                    allRead &= !document.has("error");
                    print(document);
                }
            }
        } catch (IOException _) {
            throw new Failure((file == null ? "The input" : file) + " cannot be read: name a file that you may read.");
        }
        return allRead ? 0 : ExitCode.FAILED.code();
    }

    /// With escapes for what UTF-8 cannot say: half of a surrogate pair stays what it is.
    private void print(ObjectNode document) {
        out.println(new String(json.writeValueAsBytes(document), StandardCharsets.UTF_8));
        if (out.checkError()) {
            throw new Failure("The output cannot be written: see whether there is room, and whether anybody reads it.");
        }
    }

    private ObjectNode document(Line line, Answer answer) {
        return switch (line) {
            case Line.Unreadable(long number, String why) ->
                json.createObjectNode().putNull("id").put("error", "line " + number + " " + why);
            case Line.Text(long number, String text) -> document("line " + number, text, answer);
        };
    }

    private ObjectNode document(String line, String content, Answer answer) {
        ObjectNode document = json.createObjectNode();
        JsonNode request;
        try {
            request = json.readTree(content);
        } catch (JacksonException _) {
            return document.putNull("id")
                    .put(
                            "error",
                            line + " is not JSON: write one object {id, text, lang?}, no member twice, nothing after");
        }
        document.set("id", request.path("id").isMissingNode() ? json.nullNode() : request.path("id"));
        JsonNode text = request.path("text");
        if (!text.isString()) {
            return document.put("error", line + " has no text: write one object {id, text, lang?}");
        }
        if (text.stringValue().length() > LONGEST_TEXT) {
            return document.put("error", line + " has a text of more than 16 Mi characters: cut it");
        }
        answer.write(text.stringValue(), request.path("lang").stringValue(""), document);
        return document;
    }
}

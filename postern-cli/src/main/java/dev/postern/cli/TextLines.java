package dev.postern.cli;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Texts as JSON lines `{id, text, lang?}`, each answered, and flushed, before the next is read. A line that is no such
/// object is answered `{id, error}`.
final class TextLines {
    private static final int LONGEST_TEXT = 16 << 20;

    private final JsonMapper json = new JsonMapper();
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
        try (InputStream in = file == null ? System.in : Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    ObjectNode document = document(line, answer);
                    allRead &= !document.has("error");
                    out.println(json.writeValueAsString(document));
                    out.flush();
                }
            }
        } catch (IOException _) {
            throw new Failure("The input cannot be read.");
        }
        return allRead ? 0 : ExitCode.FAILED.code();
    }

    private ObjectNode document(String line, Answer answer) {
        ObjectNode document = json.createObjectNode();
        JsonNode request;
        try {
            request = json.readTree(line);
        } catch (JacksonException _) {
            return document.putNull("id").put("error", "the line is not JSON");
        }
        document.set("id", request.path("id").isMissingNode() ? json.nullNode() : request.path("id"));
        JsonNode text = request.path("text");
        if (!text.isString()) {
            return document.put("error", "the line has no text");
        }
        if (text.stringValue().length() > LONGEST_TEXT) {
            return document.put("error", "the text is longer than 16 Mi characters");
        }
        answer.write(text.stringValue(), request.path("lang").stringValue(""), document);
        return document;
    }
}

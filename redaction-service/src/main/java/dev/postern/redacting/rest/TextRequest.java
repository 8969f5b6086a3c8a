package dev.postern.redacting.rest;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of every call here.
///
/// @param conversation empty when the call needs none
record TextRequest(String text, String conversation) {
    private static final int LONGEST_CONVERSATION = 256;

    /// Reads at most `limit` bytes; whatever is no object with the right strings is malformed.
    static TextRequest read(HttpServletRequest request, JsonMapper json, int limit) {
        JsonNode body = parse(bytes(request, limit), json);
        JsonNode text = body.path("text");
        JsonNode conversation = body.path("conversation");
        String name = conversation.stringValue("");
        boolean wrong = !text.isString()
                || !(conversation.isString() || conversation.isMissingNode())
                || name.length() > LONGEST_CONVERSATION;
        if (wrong) {
            throw new ProblemException(Problem.MALFORMED);
        }
        return new TextRequest(text.stringValue(), name);
    }

    TextRequest inConversation() {
        if (conversation.isEmpty()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        return this;
    }

    private static byte[] bytes(HttpServletRequest request, int limit) {
        try {
            byte[] body = request.getInputStream().readNBytes(limit + 1);
            if (body.length > limit) {
                throw new ProblemException(Problem.TOO_LARGE);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(byte[] body, JsonMapper json) {
        try {
            return json.readTree(body);
        } catch (JacksonException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }

    @Override
    public String toString() {
        return "TextRequest[" + text.length() + " characters]";
    }
}

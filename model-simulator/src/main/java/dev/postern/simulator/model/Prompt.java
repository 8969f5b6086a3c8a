package dev.postern.simulator.model;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the simulator reads from a chat or completion request.
///
/// @param text what is echoed: the last message, or the prompt
/// @param tool the first tool on offer, when the last message is not already a tool's answer
record Prompt(
        String model,
        String text,
        int characters,
        boolean stream,
        boolean usageInStream,
        boolean jsonAnswer,
        Optional<JsonNode> tool) {
    static Prompt chat(JsonNode body) throws ApiError {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw ApiError.badRequest("'messages' must be a list with at least one message.");
        }
        int characters = 0;
        String last = "";
        for (JsonNode message : messages) {
            String text = text(message.path("content"));
            characters += text.length();
            if (!text.isEmpty() && !message.path("role").asString("").equals("system")) {
                last = text;
            }
        }
        boolean answered =
                messages.get(messages.size() - 1).path("role").asString("").equals("tool");
        JsonNode tool = body.path("tools").path(0).path("function");
        return of(body, last, characters, answered || tool.isMissingNode() ? Optional.empty() : Optional.of(tool));
    }

    static Prompt completion(JsonNode body) throws ApiError {
        JsonNode prompt = body.path("prompt");
        if (!prompt.isString() && !prompt.isArray()) {
            throw ApiError.badRequest("'prompt' must be a string or a list.");
        }
        String text = text(prompt);
        return of(body, text, text.length(), Optional.empty());
    }

    /// A text, or the texts of a list of parts.
    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            String piece =
                    part.isString() ? part.stringValue() : part.path("text").asString("");
            text.append(text.isEmpty() || piece.isEmpty() ? "" : "\n").append(piece);
        }
        return text.toString();
    }

    private static Prompt of(JsonNode body, String text, int characters, Optional<JsonNode> tool) throws ApiError {
        String model = body.path("model").asString("");
        if (!ModelCatalog.knows(model)) {
            throw ApiError.unknownModel();
        }
        return new Prompt(
                model,
                text,
                characters,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                body.path("response_format").path("type").asString("").startsWith("json"),
                tool);
    }
}

package dev.postern.cli.chat;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What has been said, in this process's memory and nowhere else. A question becomes part of it only with its whole
/// answer: a model is never shown half of one as if it were its own words. Prints nothing of itself.
final class Conversation {
    private static final JsonMapper JSON = new JsonMapper();

    private final String model;
    private final String system;
    private final ArrayNode messages = JSON.createArrayNode();

    /// @param system what the model is told first; empty for nothing
    Conversation(String model, String system) {
        this.model = model;
        this.system = system;
        forget();
    }

    /// The request for the next answer.
    ObjectNode ask(String question) {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("stream", true);
        body.putArray("messages").addAll(messages).add(message("user", question));
        return body;
    }

    void add(String question, String answer) {
        messages.add(message("user", question)).add(message("assistant", answer));
    }

    /// Begins anew.
    void forget() {
        messages.removeAll();
        if (!system.isBlank()) {
            messages.add(message("system", system));
        }
    }

    private static ObjectNode message(String role, String text) {
        return JSON.createObjectNode().put("role", role).put("content", text);
    }

    @Override
    public String toString() {
        return "Conversation[" + messages.size() + " messages]";
    }
}

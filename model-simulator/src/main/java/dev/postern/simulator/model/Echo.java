package dev.postern.simulator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The one thing the simulator can say: what it was told. So whatever stands for personal data in a prompt comes back
/// in the answer.
final class Echo {
    private static final int LONGEST = 4_000;

    private Echo() {}

    static String answer(Prompt prompt, JsonMapper json) {
        String text = shortened(prompt.text());
        return prompt.jsonAnswer()
                ? json.createObjectNode().put("echo", text).toString()
                : "This is a simulator. You wrote: " + text;
    }

    /// A tool call's arguments: strings echo, everything else gets a harmless constant of its type.
    static String arguments(JsonNode tool, Prompt prompt, JsonMapper json) {
        ObjectNode arguments = json.createObjectNode();
        for (Map.Entry<String, JsonNode> property :
                tool.path("parameters").path("properties").properties()) {
            switch (property.getValue().path("type").asString("")) {
                case "integer", "number" -> arguments.put(property.getKey(), 1);
                case "boolean" -> arguments.put(property.getKey(), true);
                case "array" -> arguments.putArray(property.getKey());
                case "object" -> arguments.putObject(property.getKey());
                default -> arguments.put(property.getKey(), shortened(prompt.text()));
            }
        }
        return arguments.toString();
    }

    /// Cuts a text into pieces of 1 to 7 characters, at changing places, never inside a surrogate pair.
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>(text.length() / 4 + 1);
        int start = 0;
        for (int size = 3; start < text.length(); size = size % 7 + 1) {
            int end = Math.min(text.length(), start + size);
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /// About four characters a token, as a real model would count.
    static int tokens(int characters) {
        return (characters + 3) / 4;
    }

    private static String shortened(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        return text.substring(0, Character.isLowSurrogate(text.charAt(LONGEST)) ? LONGEST + 1 : LONGEST);
    }
}

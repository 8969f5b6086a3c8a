package dev.postern.simulator.model;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An answer of the older completions API, whole or as streamed events.
record CompletionShape(JsonMapper json, String id, long created, Prompt prompt) implements AnswerShape {
    @Override
    public ObjectNode whole() {
        String said = Echo.answer(prompt, json);
        ObjectNode answer = piece(said, true);
        answer.set("usage", AnswerShape.usage(json, prompt.characters(), said.length()));
        return answer;
    }

    @Override
    public List<ObjectNode> events() {
        String said = Echo.answer(prompt, json);
        List<ObjectNode> events = new ArrayList<>();
        for (String piece : Echo.pieces(said)) {
            events.add(piece(piece, false));
        }
        events.add(piece("", true));
        if (prompt.usageInStream()) {
            ObjectNode usage = head();
            usage.putArray("choices");
            usage.set("usage", AnswerShape.usage(json, prompt.characters(), said.length()));
            events.add(usage);
        }
        return events;
    }

    private ObjectNode piece(String text, boolean last) {
        ObjectNode piece = head();
        ObjectNode choice = piece.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("text", text)
                .putNull("logprobs");
        if (last) {
            choice.put("finish_reason", "stop");
        } else {
            choice.putNull("finish_reason");
        }
        return piece;
    }

    private ObjectNode head() {
        return json.createObjectNode()
                .put("id", "cmpl-" + id)
                .put("object", "text_completion")
                .put("created", created)
                .put("model", prompt.model());
    }
}

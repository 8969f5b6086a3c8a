package dev.postern.simulator.model;

import java.util.stream.Stream;
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
    public Stream<ObjectNode> events() {
        String said = Echo.answer(prompt, json);
        Stream<ObjectNode> pieces = Echo.pieces(said).stream().map(piece -> piece(piece, false));
        Stream<ObjectNode> end =
                prompt.usageInStream() ? Stream.of(piece("", true), usageEvent(said)) : Stream.of(piece("", true));
        return Stream.concat(pieces, end);
    }

    private ObjectNode usageEvent(String said) {
        ObjectNode event = head();
        event.putArray("choices");
        event.set("usage", AnswerShape.usage(json, prompt.characters(), said.length()));
        return event;
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

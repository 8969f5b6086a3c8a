package dev.postern.simulator.model;

import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A chat answer in OpenAI's shape, whole or as streamed events.
record ChatShape(JsonMapper json, String id, long created, Prompt prompt) implements AnswerShape {
    @Override
    public ObjectNode whole() {
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        Optional<JsonNode> tool = prompt.tool();
        String said;
        if (tool.isPresent()) {
            said = Echo.arguments(tool.get(), prompt, json);
            message.putNull("content");
            call(message, tool.get()).put("arguments", said);
        } else {
            said = Echo.answer(prompt, json);
            message.put("content", said);
        }
        message.putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", finishReason());
        answer.set("usage", usage(said));
        return answer;
    }

    @Override
    public Stream<ObjectNode> events() {
        Optional<JsonNode> tool = prompt.tool();
        String said = tool.isPresent() ? Echo.arguments(tool.get(), prompt, json) : Echo.answer(prompt, json);
        Stream<ObjectNode> begin =
                Stream.concat(Stream.of(first(tool)), Echo.pieces(said).stream().map(piece -> piece(tool, piece)));
        Stream<ObjectNode> end = prompt.usageInStream() ? Stream.of(last(), usageEvent(said)) : Stream.of(last());
        return Stream.concat(begin, end);
    }

    private ObjectNode first(Optional<JsonNode> tool) {
        ObjectNode event = event();
        ObjectNode delta = delta(event).put("role", "assistant");
        if (tool.isPresent()) {
            call(delta, tool.get()).put("arguments", "");
        } else {
            delta.put("content", "");
        }
        return event;
    }

    private ObjectNode piece(Optional<JsonNode> tool, String piece) {
        ObjectNode event = event();
        ObjectNode delta = delta(event);
        if (tool.isPresent()) {
            delta.putArray("tool_calls")
                    .addObject()
                    .put("index", 0)
                    .putObject("function")
                    .put("arguments", piece);
        } else {
            delta.put("content", piece);
        }
        return event;
    }

    private ObjectNode last() {
        ObjectNode event = event();
        ((ObjectNode) event.path("choices").path(0)).put("finish_reason", finishReason());
        return event;
    }

    private ObjectNode usageEvent(String said) {
        ObjectNode event = head("chat.completion.chunk");
        event.putArray("choices");
        event.set("usage", usage(said));
        return event;
    }

    private String finishReason() {
        return prompt.tool().isPresent() ? "tool_calls" : "stop";
    }

    private ObjectNode call(ObjectNode message, JsonNode tool) {
        return message.putArray("tool_calls")
                .addObject()
                .put("index", 0)
                .put("id", "call_" + id)
                .put("type", "function")
                .putObject("function")
                .put("name", tool.path("name").asString("tool"));
    }

    private ObjectNode event() {
        ObjectNode event = head("chat.completion.chunk");
        ObjectNode choice = event.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta");
        choice.putNull("logprobs").putNull("finish_reason");
        return event;
    }

    private static ObjectNode delta(ObjectNode event) {
        return (ObjectNode) event.path("choices").path(0).path("delta");
    }

    private ObjectNode head(String object) {
        return json.createObjectNode()
                .put("id", "chatcmpl-" + id)
                .put("object", object)
                .put("created", created)
                .put("model", prompt.model());
    }

    private ObjectNode usage(String said) {
        return AnswerShape.usage(json, prompt.characters(), said.length());
    }
}

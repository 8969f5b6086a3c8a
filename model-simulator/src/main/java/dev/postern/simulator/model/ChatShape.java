package dev.postern.simulator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public List<ObjectNode> events() {
        Optional<JsonNode> tool = prompt.tool();
        String said = tool.isPresent() ? Echo.arguments(tool.get(), prompt, json) : Echo.answer(prompt, json);
        List<ObjectNode> events = new ArrayList<>();
        ObjectNode first = event(events);
        first.put("role", "assistant");
        if (tool.isPresent()) {
            call(first, tool.get()).put("arguments", "");
        } else {
            first.put("content", "");
        }
        for (String piece : Echo.pieces(said)) {
            ObjectNode delta = event(events);
            if (tool.isPresent()) {
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", 0)
                        .putObject("function")
                        .put("arguments", piece);
            } else {
                delta.put("content", piece);
            }
        }
        event(events);
        ObjectNode last = (ObjectNode) events.getLast().path("choices").path(0);
        last.put("finish_reason", finishReason());
        if (prompt.usageInStream()) {
            ObjectNode usage = head("chat.completion.chunk");
            usage.putArray("choices");
            usage.set("usage", usage(said));
            events.add(usage);
        }
        return events;
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

    /// Adds an event and returns its delta.
    private ObjectNode event(List<ObjectNode> events) {
        ObjectNode event = head("chat.completion.chunk");
        events.add(event);
        ObjectNode choice = event.putArray("choices").addObject().put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        choice.putNull("logprobs").putNull("finish_reason");
        return delta;
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

package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonStrings;
import java.util.List;

/// A text of a chat or completions stream.
///
/// @param choice the choice's `index`
/// @param shape the path below `choices[]`, such as `delta.tool_calls[].function.arguments`
/// @param indexes the `index` of each array element on that path
record ChoiceChannel(String choice, String shape, List<String> indexes) implements Channel {
    @Override
    public boolean json() {
        return shape.endsWith(".arguments") || shape.endsWith(".partial_json");
    }

    @Override
    public boolean content() {
        return shape.endsWith(".content");
    }

    @Override
    public boolean written() {
        return true;
    }

    @Override
    public String key() {
        String member = shape.substring(shape.lastIndexOf('.') + 1);
        return AnswerFields.inArguments(shape) ? member.replace("[]", "") : "";
    }

    /// An object that carries `text` at this channel's place, in a choice of its own.
    String choiceWith(String text) {
        StringBuilder json = new StringBuilder("{\"index\":").append(choice).append(',');
        StringBuilder closing = new StringBuilder();
        int array = 0;
        List<String> steps = List.of(shape.split("\\.", -1));
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            String step = steps.get(i);
            boolean element = step.endsWith("[]");
            String name = element ? step.substring(0, step.length() - 2) : step;
            json.append(JsonStrings.quoted(name)).append(':');
            if (element) {
                json.append(last ? "[" : "[{\"index\":" + indexes.get(array++) + ",");
                closing.insert(0, last ? "]" : "}]");
            } else if (!last) {
                json.append('{');
                closing.insert(0, '}');
            }
        }
        return json.append(JsonStrings.quoted(text))
                .append(closing)
                .append(",\"logprobs\":null,\"finish_reason\":null}")
                .toString();
    }
}

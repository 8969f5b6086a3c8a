package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonStrings;
import java.util.Map;

/// A text of a responses stream.
///
/// @param type of its events, without `.delta`: `response.output_text`
/// @param place the members that tell it from others: `item_id`, `output_index` and the like, as JSON
record ItemChannel(String type, Map<String, String> place) implements Channel {
    static final String GROWS = ".delta";

    @Override
    public boolean json() {
        return type.endsWith("arguments");
    }

    @Override
    public boolean content() {
        return type.equals("response.output_text");
    }

    @Override
    public boolean written() {
        return !type.equals("response.audio");
    }

    @Override
    public String key() {
        return "";
    }

    /// An event that carries `text`.
    ///
    /// @param sequence its `sequence_number`
    String eventWith(String text, long sequence) {
        StringBuilder json = new StringBuilder("{\"type\":").append(JsonStrings.quoted(type + GROWS));
        place.forEach(
                (name, value) -> json.append(",\"").append(name).append("\":").append(value));
        return json.append(",\"delta\":")
                .append(JsonStrings.quoted(text))
                .append(",\"sequence_number\":")
                .append(sequence)
                .append('}')
                .toString();
    }
}

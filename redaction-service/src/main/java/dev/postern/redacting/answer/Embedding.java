package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonStrings;

/// How a restored value stands in its text.
enum Embedding {
    /// As it is.
    PLAIN,
    /// Inside a string of JSON that is itself text: tool-call arguments, answers asked for as JSON.
    JSON;

    String write(String value) {
        return switch (this) {
            case PLAIN -> value;
            case JSON -> JsonStrings.escaped(value);
        };
    }
}

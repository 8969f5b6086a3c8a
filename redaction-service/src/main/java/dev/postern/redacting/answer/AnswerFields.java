package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import java.util.Set;

/// The strings of an answer that no model writes: words and identifiers of the API, and data that is no text. Every
/// other string is for the detectors.
final class AnswerFields {
    /// Log probabilities spell the answer once more, token by token: they are dropped when values are left out.
    static final Set<String> DROPPED = Set.of("logprobs");

    private static final int LONGEST_WORD = 256;
    private static final Set<String> WORDS = Set.of(
            "id",
            "object",
            "model",
            "role",
            "type",
            "status",
            "finish_reason",
            "system_fingerprint",
            "service_tier",
            "call_id",
            "item_id",
            "tool_call_id",
            "previous_response_id",
            "file_id",
            "container_id");
    private static final Set<String> DATA =
            Set.of("embedding", "b64_json", "partial_image_b64", "encrypted_content", "obfuscation");

    private AnswerFields() {}

    static boolean written(JsonLeaf string) {
        String key = string.key();
        boolean data = DATA.contains(key) || string.shape().endsWith(".audio.data");
        return inArguments(string.shape()) || !(data || (WORDS.contains(key) && word(string.text())));
    }

    /// Whether a string is a member of a tool call's arguments, which some servers send as an object: then it is the
    /// model's own, whatever its name.
    static boolean inArguments(String shape) {
        return shape.contains("arguments.");
    }

    private static boolean word(String text) {
        return text.length() <= LONGEST_WORD
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "_-./:".indexOf(c) >= 0);
    }
}

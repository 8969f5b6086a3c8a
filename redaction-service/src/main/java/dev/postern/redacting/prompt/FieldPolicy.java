package dev.postern.redacting.prompt;

import dev.postern.redacting.json.JsonLeaf;
import java.util.Set;

/// What becomes of each string and number of a request body. Default deny: whatever is not named here is for the
/// detectors.
final class FieldPolicy {
    enum Treatment {
        /// A word of the API's grammar, kept as it is.
        STRUCTURAL,
        /// The name of a model, a tool or a call: kept unless something is found in it. No names of people are looked
        /// for.
        NAMING,
        /// The caller's identifier of a person or a thing: replaced whole by a keyed hash.
        IDENTIFIER,
        /// The name of a speaker: a person's name as a whole.
        SPEAKER,
        TEXT
    }

    private static final int LONGEST_STRUCTURAL = 256;
    private static final int LONGEST_WORD = 32;
    private static final Set<String> STRUCTURAL = Set.of(
            "model",
            "encoding_format",
            "service_tier",
            "reasoning_effort",
            "verbosity",
            "modalities[]",
            "response_format.type",
            "response_format.json_schema.name",
            "tool_choice",
            "tool_choice.type",
            "tool_choice.function.name",
            "function_call",
            "function_call.name",
            "functions[].name",
            "tools[].type",
            "tools[].function.name",
            "audio.voice",
            "audio.format",
            "messages[].role",
            "messages[].tool_call_id",
            "messages[].content[].type",
            "messages[].content[].image_url.detail",
            "messages[].content[].input_audio.format",
            "messages[].tool_calls[].id",
            "messages[].tool_calls[].type",
            "messages[].tool_calls[].function.name",
            "messages[].function_call.name");
    /// Of these, what the caller chose.
    private static final Set<String> NAMES = Set.of(
            "response_format.json_schema.name",
            "tool_choice.function.name",
            "function_call.name",
            "functions[].name",
            "tools[].function.name",
            "messages[].tool_call_id",
            "messages[].tool_calls[].id",
            "messages[].tool_calls[].function.name",
            "messages[].function_call.name");
    private static final Set<String> PARAMETERS = Set.of(
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "n",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "logprobs",
            "top_logprobs",
            "dimensions",
            "best_of",
            "created");
    private static final Set<String> IDENTIFIERS = Set.of("user", "safety_identifier", "prompt_cache_key");
    /// Text as token numbers: nobody here can read it.
    private static final Set<String> TOKENISED = Set.of("input[]", "input[][]", "prompt[]", "prompt[][]");

    private FieldPolicy() {}

    static Treatment of(JsonLeaf string) {
        String shape = string.shape();
        if (STRUCTURAL.contains(shape)) {
            if (!NAMES.contains(shape)
                    && plainName(string.text())
                    && string.text().length() <= LONGEST_WORD) {
                return Treatment.STRUCTURAL;
            }
            return nameShaped(string.text()) ? Treatment.NAMING : Treatment.TEXT;
        }
        if (IDENTIFIERS.contains(shape) || shape.startsWith("metadata.")) {
            return Treatment.IDENTIFIER;
        }
        return shape.equals("messages[].name") ? Treatment.SPEAKER : Treatment.TEXT;
    }

    static boolean tokenised(JsonLeaf number) {
        return TOKENISED.contains(number.shape());
    }

    /// A number of the API's grammar.
    static boolean parameter(JsonLeaf number) {
        return PARAMETERS.contains(number.shape()) || number.shape().startsWith("logit_bias.");
    }

    /// Member names such as `messages` and `max_tokens` are grammar.
    static boolean plainName(String name) {
        return name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
    }

    private static boolean nameShaped(String text) {
        return text.length() <= LONGEST_STRUCTURAL
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "_-./:".indexOf(c) >= 0);
    }
}

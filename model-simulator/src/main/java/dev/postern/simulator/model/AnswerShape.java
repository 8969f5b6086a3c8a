package dev.postern.simulator.model;

import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An answer that can be sent whole or in pieces.
sealed interface AnswerShape permits ChatShape, CompletionShape {
    ObjectNode whole();

    /// The events of the streamed form, without the closing `[DONE]`; each is made when it is its turn, so that many
    /// slow answers at once take little memory.
    Stream<ObjectNode> events();

    static ObjectNode usage(JsonMapper json, int prompt, int completion) {
        int in = Echo.tokens(prompt);
        int out = Echo.tokens(completion);
        return json.createObjectNode()
                .put("prompt_tokens", in)
                .put("completion_tokens", out)
                .put("total_tokens", in + out);
    }
}

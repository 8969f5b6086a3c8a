package dev.postern.simulator.model;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An answer that can be sent whole or in pieces.
sealed interface AnswerShape permits ChatShape, CompletionShape {
    ObjectNode whole();

    /// The events of the streamed form, without the closing `[DONE]`.
    List<ObjectNode> events();

    static ObjectNode usage(JsonMapper json, int prompt, int completion) {
        int in = Echo.tokens(prompt);
        int out = Echo.tokens(completion);
        return json.createObjectNode()
                .put("prompt_tokens", in)
                .put("completion_tokens", out)
                .put("total_tokens", in + out);
    }
}

package dev.postern.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One request to a model: an OpenAI path and the JSON object that would be posted there. Immutable; prints no body.
public final class Request {
    public static final String CHAT = "/v1/chat/completions";
    public static final String COMPLETIONS = "/v1/completions";
    public static final String EMBEDDINGS = "/v1/embeddings";
    public static final String MODELS = "/v1/models";

    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String operation;
    private final byte[] body;
    private final boolean streamed;
    private final Duration deadline;
    private final Effect effect;
    private final Optional<Sensitivity> sensitivity;

    /// What it would mean if a model got it twice.
    enum Effect {
        AT_MOST_ONCE,
        HARMLESS
    }

    private Request(
            String operation,
            byte[] body,
            boolean streamed,
            Duration deadline,
            Effect effect,
            Optional<Sensitivity> sensitivity) {
        this.operation = operation;
        this.body = body;
        this.streamed = streamed;
        this.deadline = deadline;
        this.effect = effect;
        this.sensitivity = sensitivity;
    }

    /// A request as it is.
    ///
    /// @param operation one of the paths above
    /// @param body one JSON object in UTF-8, passed on as it is; empty for an operation that has none
    /// @throws IllegalArgumentException when it is no such thing
    public static Request of(String operation, byte[] body) {
        if (!operation.matches("/v1/[a-z/]{1,64}")) {
            throw new IllegalArgumentException("an operation is a path below /v1");
        }
        boolean streamed = body.length > 0 && object(body).path("stream").asBoolean(false);
        return new Request(operation, body.clone(), streamed, DEFAULT_DEADLINE, Effect.AT_MOST_ONCE, Optional.empty());
    }

    /// The same for a tree.
    public static Request of(String operation, JsonNode body) {
        return of(operation, JSON.writeValueAsBytes(body));
    }

    private static JsonNode object(byte[] body) {
        try {
            // As text: from octets Jackson would take UTF-16 as well, or a byte order mark, and the document is UTF-8.
            JsonNode json = JSON.readTree(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException | CharacterCodingException _) {
            // Its message may quote the body; the caller knows what it passed.
        }
        throw new IllegalArgumentException("a body is one JSON object");
    }

    /// With another deadline than a minute, for the whole of the answer. A relay may have a shorter one of its own.
    public Request within(Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a deadline lies ahead");
        }
        return new Request(operation, body, streamed, time, effect, sensitivity);
    }

    /// Doing this twice does no harm: when it was lost and no relay can say what became of it, it is asked anew instead
    /// of failing. **No guarantee** then that a model sees it once.
    public Request idempotent() {
        return new Request(operation, body, streamed, deadline, Effect.HARMLESS, sensitivity);
    }

    /// With a label of how sensitive its data is; without one the tenant's policy has a default.
    public Request labelled(Sensitivity label) {
        return new Request(operation, body, streamed, deadline, effect, Optional.of(label));
    }

    String operation() {
        return operation;
    }

    /// Whether the answer comes in events.
    public boolean isStreamed() {
        return streamed;
    }

    Duration deadline() {
        return deadline;
    }

    boolean isHarmless() {
        return effect == Effect.HARMLESS;
    }

    /// The protocol's request document.
    byte[] document(String messageId, Duration timeLeft) {
        var head = JSON.createObjectNode()
                .put("op", operation)
                .put("msg_id", messageId)
                .put("deadline_ms", Math.max(1, timeLeft.toMillis()));
        sensitivity.ifPresent(label -> head.put("sensitivity", label.wireName()));
        byte[] envelope = JSON.writeValueAsBytes(head);
        return body.length == 0 ? envelope : Envelope.with(envelope, body);
    }

    @Override
    public String toString() {
        return "Request[" + operation + ", " + body.length + " octets]";
    }
}

package dev.postern.gateway.api;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A request's JSON body, read once from end to end and from then on carried as the bytes it came in.
///
/// Guarantee: `json` is one JSON object in UTF-8 without duplicate members, and nothing after it; `streamed` is what
/// its
/// `stream` says, and `model` has the form of a name. Non-guarantee: of everything else only well-formedness is known.
/// Prints nothing of the body.
public final class RequestBody {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};
    private static final int MAX_MODEL_LENGTH = 256;

    private final byte[] json;
    private final String model;
    private final boolean streamed;

    private RequestBody(byte[] json, String model, boolean streamed) {
        this.json = json;
        this.model = model;
        this.streamed = streamed;
    }

    /// Takes over `json`; an operation that has no body gets the empty object.
    ///
    /// @throws Refused with the reason, which names a member but none of its contents
    public static RequestBody parse(Operation operation, byte[] json) {
        if (!operation.hasBody()) {
            return new RequestBody(EMPTY_OBJECT, "", false);
        }
        if (!StrictJson.isUtf8(json)) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
        try (JsonParser parser = StrictJson.parser(json)) {
            Members members = members(parser);
            String model = members.model;
            if (model == null) {
                throw new Refused(Failure.MODEL_MISSING);
            }
            if (!ModelName.isOne(model)) {
                throw new Refused(Failure.UNKNOWN_MODEL);
            }
            if (members.streamed && !operation.streams()) {
                throw new Refused(Failure.STREAM_UNSUPPORTED);
            }
            return new RequestBody(json, model, members.streamed);
        } catch (JacksonException _) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
    }

    /// Empty when the operation has no body.
    public String model() {
        return model;
    }

    public boolean streamed() {
        return streamed;
    }

    byte[] json() {
        return json;
    }

    private record Members(@Nullable String model, boolean streamed) {}

    private static Members members(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
        @Nullable String model = null;
        boolean streamed = false;
        @Nullable Failure failure = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "model" -> model = isModel(parser, value) ? parser.getString() : null;
                case "stream" -> {
                    streamed = value == JsonToken.VALUE_TRUE;
                    if (!streamed && value != JsonToken.VALUE_FALSE && value != JsonToken.VALUE_NULL) {
                        failure = Failure.STREAM_INVALID;
                    }
                }
                default -> {}
            }
            parser.skipChildren();
        }
        // A body that is not JSON at all is refused as that, whatever its beginning says.
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
        if (failure != null) {
            throw new Refused(failure);
        }
        return new Members(model, streamed);
    }

    private static boolean isModel(JsonParser parser, JsonToken value) {
        return value == JsonToken.VALUE_STRING
                && parser.getStringLength() > 0
                && parser.getStringLength() <= MAX_MODEL_LENGTH;
    }
}

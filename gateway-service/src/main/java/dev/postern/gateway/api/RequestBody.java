package dev.postern.gateway.api;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A request's JSON body, read once from end to end and from then on carried as the bytes it came in.
///
/// Guarantee: `json` is one JSON object in UTF-8 without duplicate members, and nothing after it; `streamed` is what
/// its `stream` says, `model` what its `model` says, which has the form of a name. Non-guarantee: of everything else
/// only well-formedness is known. Prints nothing of the body.
public final class RequestBody {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};
    private static final int MAX_MODEL_LENGTH = 256;
    private static final long MOST = 1_000_000_000L;

    private static final byte[] ASK_FOR_USAGE =
            ",\"stream_options\":{\"include_usage\":true}}".getBytes(StandardCharsets.US_ASCII);

    private final byte[] json;
    private final Members members;

    /// How much the request lets a model write; what is not a positive whole number is for the model to judge.
    ///
    /// @param tokens the larger of `max_tokens` and `max_completion_tokens`
    /// @param answers `n` or `best_of`, for each prompt of a list
    public record OutputAsked(OptionalLong tokens, long answers) {}

    private RequestBody(byte[] json, Members members) {
        this.json = json;
        this.members = members;
    }

    /// Whether a request has a body, by its head.
    public static boolean isAnnounced(HttpHeaders headers) {
        return headers.getContentLength() > 0 || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /// Takes over `json`; an operation that has no body gets the empty object.
    ///
    /// @throws Refused with the reason, which names a member but none of its contents
    public static RequestBody parse(Operation operation, byte[] json) {
        if (!operation.hasBody()) {
            return new RequestBody(EMPTY_OBJECT, Members.NONE);
        }
        if (!StrictJson.isUtf8(json)) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
        try (JsonParser parser = StrictJson.parser(json)) {
            Members members = members(parser);
            if (members.model.isEmpty()) {
                throw new Refused(Failure.MODEL_MISSING);
            }
            if (!ModelName.isOne(members.model)) {
                throw new Refused(Failure.UNKNOWN_MODEL);
            }
            if (members.streamed && !operation.streams()) {
                throw new Refused(Failure.STREAM_UNSUPPORTED);
            }
            return new RequestBody(json, members);
        } catch (JacksonException _) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
    }

    public boolean streamed() {
        return members.streamed;
    }

    /// The model it names; empty for an operation that has no body.
    public String model() {
        return members.model;
    }

    public OutputAsked outputAsked() {
        return new OutputAsked(
                members.outputTokens > 0 ? OptionalLong.of(members.outputTokens) : OptionalLong.empty(),
                members.answers * members.prompts);
    }

    /// Octets.
    public int length() {
        return json.length;
    }

    /// Whether it is streamed and leaves open whether the stream is to report its use.
    public boolean canBeAskedForUsage() {
        return members.streamed && !members.hasStreamOptions;
    }

    /// The same request, with `stream_options` that ask for the use at the end of the stream.
    public RequestBody askingForUsage() {
        int end = json.length - 1;
        while (json[end] != '}') {
            end--;
        }
        ByteArrayOutputStream asking = new ByteArrayOutputStream(json.length + ASK_FOR_USAGE.length);
        asking.write(json, 0, end);
        asking.writeBytes(ASK_FOR_USAGE);
        return new RequestBody(asking.toByteArray(), members);
    }

    byte[] json() {
        return json;
    }

    private static Members members(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new Refused(Failure.MALFORMED_JSON);
        }
        Members members = new Members();
        @Nullable Failure failure = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "model" -> members.model = model(parser, value);
                case "stream" -> {
                    members.streamed = value == JsonToken.VALUE_TRUE;
                    if (!members.streamed && value != JsonToken.VALUE_FALSE && value != JsonToken.VALUE_NULL) {
                        failure = Failure.STREAM_INVALID;
                    }
                }
                case "stream_options" -> members.hasStreamOptions = true;
                case "max_tokens", "max_completion_tokens" ->
                    members.outputTokens = Math.max(members.outputTokens, count(parser, value));
                case "n", "best_of" -> members.answers = Math.max(members.answers, count(parser, value));
                case "prompt" -> members.prompts = prompts(parser, value);
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
        return members;
    }

    private static String model(JsonParser parser, JsonToken value) {
        return value == JsonToken.VALUE_STRING && parser.getStringLength() <= MAX_MODEL_LENGTH
                ? parser.getString()
                : "";
    }

    /// A number as far as anything is reckoned with it; zero for what is not a whole number.
    private static long count(JsonParser parser, JsonToken value) {
        return switch (value) {
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? MOST
                        : Math.clamp(parser.getLongValue(), 0, MOST);
            default -> 0;
        };
    }

    /// How many prompts a list holds; a list of token numbers is one. Leaves the parser at the value's end.
    private static long prompts(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            return 1;
        }
        long prompts = 0;
        for (JsonToken each = parser.nextToken();
                each != null && each != JsonToken.END_ARRAY;
                each = parser.nextToken()) {
            if (each == JsonToken.VALUE_STRING || each == JsonToken.START_ARRAY) {
                prompts++;
            }
            parser.skipChildren();
        }
        return Math.max(1, prompts);
    }

    /// What is known of the members, while they are read.
    private static final class Members {
        private static final Members NONE = new Members();

        private String model = "";
        private boolean streamed;
        private boolean hasStreamOptions;
        private long outputTokens;
        private long answers = 1;
        private long prompts = 1;
    }
}

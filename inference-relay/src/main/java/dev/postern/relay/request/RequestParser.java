package dev.postern.relay.request;

import dev.postern.policy.LatencyClass;
import dev.postern.policy.Sensitivity;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Reads one request envelope strictly: known members only, each once, of the right type, within bounds,
/// nothing after it. The body is checked as JSON and cut out of the input unchanged. Thread-safe.
///
/// It does not judge what a body says beyond `model` and `stream`; redaction and the upstream do.
public final class RequestParser {
    private static final int MAX_NAME = 256;
    private static final int MAX_ACTORS = 16;
    private static final int MAX_SCOPES = 32;
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final JsonFactory json;
    private final Duration maxDeadline;

    public RequestParser(int maxBytes, Duration maxDeadline) {
        this.maxDeadline = maxDeadline;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(maxBytes)
                        .maxStringLength(maxBytes)
                        .maxNestingDepth(64)
                        .maxNameLength(1024)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // UTF-8 only: in another encoding the body would be cut out at the wrong octets.
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .build();
    }

    public RelayRequest parse(byte[] document) throws RequestRefused {
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), document)) {
            return readEnvelope(in, document);
        } catch (JacksonException _) {
            throw new RequestRefused(FailureCode.BAD_REQUEST);
        }
    }

    private RelayRequest readEnvelope(JsonParser in, byte[] document) throws RequestRefused {
        Operation operation = null;
        String messageId = null;
        Duration deadline = maxDeadline;
        Caller claimed = null;
        String conversation = null;
        LatencyClass latencyClass = LatencyClass.INTERACTIVE;
        Sensitivity sensitivity = null;
        Body body = null;
        require(in.nextToken() == JsonToken.START_OBJECT);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            in.nextToken();
            switch (member) {
                case "op" -> operation = Operation.ofPath(name(in)).orElseThrow(RequestParser::bad);
                case "msg_id" -> messageId = messageId(in);
                case "deadline_ms" -> deadline = deadline(in);
                case "caller" -> claimed = caller(in);
                case "conversation" -> conversation = name(in);
                case "latency_class" ->
                    latencyClass = LatencyClass.ofWireName(name(in)).orElseThrow(RequestParser::bad);
                case "sensitivity" ->
                    sensitivity = Sensitivity.ofWireName(name(in)).orElseThrow(RequestParser::bad);
                case "body" -> body = body(in, document);
                default -> throw bad();
            }
        }
        require(in.nextToken() == null);
        if (operation == null || messageId == null || (operation.needsBody() && body == null)) {
            throw bad();
        }
        if (operation.hasPrompt() && body != null && body.model == null) {
            throw bad();
        }
        return new RelayRequest(
                operation,
                messageId,
                deadline,
                Optional.ofNullable(claimed),
                Optional.ofNullable(conversation),
                latencyClass,
                Optional.ofNullable(sensitivity),
                body == null ? Optional.empty() : Optional.ofNullable(body.model),
                body != null && body.streamed && operation.answersInWords(),
                body == null ? new byte[0] : body.bytes);
    }

    private static String messageId(JsonParser in) throws RequestRefused {
        String id = name(in);
        require(MESSAGE_ID.matcher(id).matches());
        return id;
    }

    private Duration deadline(JsonParser in) throws RequestRefused {
        long millis = number(in);
        require(millis > 0);
        // Only a shorter wait than the relay's own bound is honoured.
        return Duration.ofMillis(Math.min(millis, maxDeadline.toMillis()));
    }

    private static Caller caller(JsonParser in) throws RequestRefused {
        String clientId = null;
        String tenant = null;
        String subject = null;
        String tokenId = null;
        String keyId = null;
        String sessionId = null;
        List<String> actors = List.of();
        Set<String> scopes = null;
        Instant issuedAt = null;
        Instant expiresAt = null;
        require(in.currentToken() == JsonToken.START_OBJECT);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            in.nextToken();
            switch (member) {
                case "client_id" -> clientId = name(in);
                case "tenant" -> tenant = name(in);
                case "subject" -> subject = name(in);
                case "token_id" -> tokenId = name(in);
                case "key_id" -> keyId = name(in);
                case "session_id" -> sessionId = name(in);
                case "actors" -> actors = names(in, MAX_ACTORS);
                case "scopes" -> scopes = new LinkedHashSet<>(names(in, MAX_SCOPES));
                case "issued_at" -> issuedAt = moment(in);
                case "expires_at" -> expiresAt = moment(in);
                default -> throw bad();
            }
        }
        if (clientId == null
                || tenant == null
                || subject == null
                || tokenId == null
                || keyId == null
                || sessionId == null
                || scopes == null
                || issuedAt == null
                || expiresAt == null) {
            throw bad();
        }
        return new Caller(
                clientId,
                tenant,
                subject,
                actors,
                tokenId,
                sessionId,
                keyId,
                scopes,
                issuedAt,
                expiresAt,
                Caller.JUDGED_ELSEWHERE);
    }

    private static List<String> names(JsonParser in, int most) throws RequestRefused {
        List<String> names = new ArrayList<>();
        require(in.currentToken() == JsonToken.START_ARRAY);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            names.add(name(in));
            require(names.size() <= most);
        }
        return names;
    }

    private static Instant moment(JsonParser in) throws RequestRefused {
        long seconds = number(in);
        require(seconds >= 0 && seconds <= 253_402_300_799L);
        return Instant.ofEpochSecond(seconds);
    }

    private static Body body(JsonParser in, byte[] document) throws RequestRefused {
        require(in.currentToken() == JsonToken.START_OBJECT);
        int start = (int) in.currentTokenLocation().getByteOffset();
        String model = null;
        boolean streamed = false;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            if (member.equals("model")) {
                model = name(in);
            } else if (member.equals("stream") && value != JsonToken.VALUE_NULL) {
                require(value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE);
                streamed = value == JsonToken.VALUE_TRUE;
            } else {
                skip(in);
            }
        }
        int end = (int) in.currentLocation().getByteOffset();
        return new Body(model, streamed, Arrays.copyOfRange(document, start, end));
    }

    /// Reads on to the end of the current value. Unlike `skipChildren`, it decodes every text, so that bad
    /// escapes and broken UTF-8 are found here and not by the model server.
    private static void skip(JsonParser in) {
        int depth = 0;
        JsonToken token = in.currentToken();
        while (true) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING) {
                in.finishToken();
            }
            if (depth == 0) {
                return;
            }
            token = in.nextToken();
            if (token == null) {
                return;
            }
        }
    }

    private static String name(JsonParser in) throws RequestRefused {
        require(in.currentToken() == JsonToken.VALUE_STRING);
        String text = in.getString();
        require(!text.isEmpty() && text.length() <= MAX_NAME);
        return text;
    }

    private static long number(JsonParser in) throws RequestRefused {
        require(in.currentToken() == JsonToken.VALUE_NUMBER_INT);
        return in.getLongValue();
    }

    private static void require(boolean condition) throws RequestRefused {
        if (!condition) {
            throw bad();
        }
    }

    private static RequestRefused bad() {
        return new RequestRefused(FailureCode.BAD_REQUEST);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Body(@Nullable String model, boolean streamed, byte[] bytes) {}
}

package dev.postern.redacting.rest;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads request bodies strictly: one JSON object, no member twice, none that is not known. A label with a typing error
/// in its name would otherwise be no label at all.
final class Bodies {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Bodies() {}

    /// Reads at most `limit` bytes.
    ///
    /// @throws ProblemException 413 when there are more, 400 when they are no object
    static JsonNode object(HttpServletRequest request, long limit) {
        JsonNode body = parse(bytes(request, Math.toIntExact(limit)));
        if (!body.isObject()) {
            throw malformed("", "Send one JSON object.");
        }
        return body;
    }

    static void only(JsonNode body, Set<String> known) {
        if (!known.containsAll(body.propertyNames())) {
            throw malformed("", "Known members are " + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
    }

    static ProblemException malformed(String pointer, String sentence) {
        return new ProblemException(Problem.MALFORMED, List.of(new InvalidMember(pointer, sentence)));
    }

    private static byte[] bytes(HttpServletRequest request, int limit) {
        try {
            byte[] body = request.getInputStream().readNBytes(limit + 1);
            if (body.length > limit) {
                throw new ProblemException(
                        Problem.TOO_LARGE, List.of(new InvalidMember("", "Send at most " + limit + " bytes.")));
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException _) {
            throw malformed("", "Send one JSON object in which no member stands twice, and nothing after it.");
        }
    }
}

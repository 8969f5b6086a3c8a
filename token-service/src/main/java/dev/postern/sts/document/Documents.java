package dev.postern.sts.document;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Documents of requests: bounded, JSON objects, no member twice, nothing behind the end.
public final class Documents {

    /// Policy sets are the largest documents there are.
    public static final int MAX_BYTES = 288 * 1024;

    public static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(24).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Documents() {}

    /// The document of the request.
    ///
    /// @throws ProblemException 400, 413 or 415
    public static JsonNode read(HttpServletRequest request) {
        if (!isJson(request.getContentType())) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
        try {
            return parse(bytes(request));
        } catch (JacksonException _) {
            throw new ProblemException(
                    Problem.MALFORMED,
                    List.of(new InvalidMember("", "Send one JSON object in which no member occurs twice.")));
        }
    }

    private static JsonNode parse(byte[] bytes) {
        JsonNode document = JSON.readTree(bytes);
        if (document == null || !document.isObject()) {
            throw new ProblemException(Problem.MALFORMED, List.of(new InvalidMember("", "Send one JSON object.")));
        }
        return document;
    }

    private static boolean isJson(@org.jspecify.annotations.Nullable String contentType) {
        try {
            return contentType != null
                    && MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }

    private static byte[] bytes(HttpServletRequest request) {
        if (request.getContentLengthLong() > MAX_BYTES) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
        try (InputStream body = request.getInputStream()) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ProblemException(Problem.TOO_LARGE);
            }
            return bytes;
        } catch (IOException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }
}

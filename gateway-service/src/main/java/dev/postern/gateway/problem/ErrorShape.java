package dev.postern.gateway.problem;

import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/// The two shapes of an error body. All text in it is ours.
public enum ErrorShape {
    /// `{"error":{"message","type","param","code"}}`, what OpenAI's clients parse.
    OPENAI,
    /// RFC 9457.
    PROBLEM;

    /// The shape of errors at a path: OpenAI's under `/v1`.
    static ErrorShape at(String path) {
        return path.equals("/v1") || path.startsWith("/v1/") ? OPENAI : PROBLEM;
    }

    MediaType mediaType() {
        return switch (this) {
            case OPENAI -> MediaType.APPLICATION_JSON;
            case PROBLEM -> MediaType.APPLICATION_PROBLEM_JSON;
        };
    }

    /// The JSON document, UTF-8, on one line.
    public byte[] body(Failure failure) {
        return body(failure, failure.sentence());
    }

    byte[] body(Failure failure, String sentence) {
        String json = switch (this) {
            case OPENAI -> openAi(failure, sentence);
            case PROBLEM -> problem(failure, sentence);
        };
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String openAi(Failure failure, String sentence) {
        return "{\"error\":{\"message\":\"" + sentence + "\",\"type\":\"" + openAiType(failure)
                + "\",\"param\":"
                + failure.parameter().map(name -> '"' + name + '"').orElse("null") + ",\"code\":\""
                + failure.code() + "\"}}";
    }

    private static String openAiType(Failure failure) {
        return switch (failure.category()) {
            case CALLER -> failure.status() == 403 ? "permission_error" : "invalid_request_error";
            case QUOTA -> failure == Failure.QUOTA_EXHAUSTED ? "insufficient_quota" : "rate_limit_error";
            case CAPACITY -> "rate_limit_error";
            case DEPENDENCY, US -> "server_error";
        };
    }

    private static String problem(Failure failure, String sentence) {
        return "{\"type\":\"urn:postern:problem:" + failure.reason() + "\",\"title\":\"" + sentence + "\",\"status\":"
                + failure.status() + ",\"code\":\"" + failure.reason() + "\"}";
    }
}

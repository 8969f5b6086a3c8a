package dev.postern.relay.problem;

import java.nio.charset.StandardCharsets;

/// Problem details (RFC 9457) for plain HTTP requests that are not answered.
public final class HttpProblem {
    public static final String MEDIA_TYPE = "application/problem+json";

    private HttpProblem() {}

    /// A problem document.
    ///
    /// @param title a constant of ours, such as a status's reason phrase
    public static byte[] of(int status, String title) {
        return ("{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}

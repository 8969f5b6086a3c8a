package dev.postern.archive;

import java.util.List;
import java.util.regex.Pattern;

/// What a captured body is: one request's prompt or answer.
///
/// @param captureId names it; like the others 1 to 200 printable ASCII characters without blanks
/// @param clientId whose request it was
/// @param kind `request` or `answer`
public record CaptureName(String captureId, String requestId, String clientId, String tenant, String kind) {
    public static final String REQUEST = "request";
    public static final String ANSWER = "answer";

    private static final Pattern WORD = Pattern.compile("[!-~]{1,200}");

    public CaptureName {
        for (String word : List.of(captureId, requestId, clientId, tenant, kind)) {
            if (!WORD.matcher(word).matches()) {
                throw new IllegalArgumentException("what names a capture is printable ASCII without blanks");
            }
        }
        if (!kind.equals(REQUEST) && !kind.equals(ANSWER)) {
            throw new IllegalArgumentException("what is captured is a request or an answer");
        }
    }

    /// To which body and shares are bound: whoever opens either knows whose they are.
    public String label() {
        return String.join(" ", captureId, requestId, clientId, tenant, kind);
    }
}

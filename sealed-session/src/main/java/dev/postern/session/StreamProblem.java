package dev.postern.session;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The content of an ERROR frame: a problem document (RFC 9457) whose `code` a program may switch on.
///
/// @param code a short fixed name, such as `unknown-model`
/// @param status the HTTP status a gateway answers with
/// @param title one sentence for people; never user text
public record StreamProblem(String code, int status, String title) {
    /// Sent by a client that no longer wants the answer.
    public static final StreamProblem CANCELLED =
            new StreamProblem("cancelled", 499, "The client cancelled the request.");

    public StreamProblem {
        if (code.isBlank() || code.length() > 64) {
            throw new IllegalArgumentException("a problem's code has 1 to 64 characters");
        }
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem's status is 400 to 599, not " + status);
        }
        if (title.length() > 1024) {
            throw new IllegalArgumentException("a problem's title has at most 1024 characters");
        }
    }

    byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("type", "urn:postern:problem:" + code);
        json.put("title", title);
        json.put("status", status);
        json.put("code", code);
        return Json.write(json);
    }

    static StreamProblem parse(byte[] content) throws MalformedContent {
        JsonNode json = Json.read(content);
        try {
            return new StreamProblem(
                    Json.text(json, "code"), (int) Json.number(json, "status"), Json.text(json, "title"));
        } catch (IllegalArgumentException e) {
            throw new MalformedContent(e);
        }
    }
}

package dev.postern.session;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What CLOSE says: why, and how many streams and frames there were, so that the other end can tell what never
/// came.
record CloseSummary(String reason, long streams, long frames) {
    private static final int MAX_REASON = 64;

    CloseSummary {
        if (reason.length() > MAX_REASON) {
            throw new IllegalArgumentException("a reason has at most " + MAX_REASON + " characters");
        }
    }

    byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("reason", reason);
        json.put("streams", streams);
        json.put("frames", frames);
        return Json.write(json);
    }

    static CloseSummary parse(byte[] content) throws MalformedContent {
        JsonNode json = Json.read(content);
        try {
            return new CloseSummary(
                    Json.text(json, "reason"), Json.number(json, "streams"), Json.number(json, "frames"));
        } catch (IllegalArgumentException e) {
            throw new MalformedContent(e);
        }
    }
}

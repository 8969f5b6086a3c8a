package dev.postern.relay.upstream;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Tells an answer from a failure that a model server reports with status 200, in words that are not ours to
/// pass on.
final class UpstreamErrors {
    private static final JsonFactory JSON = new JsonFactory();

    private UpstreamErrors() {}

    /// Whether `json` is an error object, wherever in it that is said, or is not a JSON object at all.
    static boolean isError(byte[] json) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                JsonToken value = in.nextToken();
                if (name.equals("error") && value != JsonToken.VALUE_NULL) {
                    return true;
                }
                if (name.equals("object")
                        && value == JsonToken.VALUE_STRING
                        && in.getString().equals("error")) {
                    return true;
                }
                in.skipChildren();
            }
            return in.currentToken() != JsonToken.END_OBJECT;
        } catch (JacksonException _) {
            return true;
        }
    }
}

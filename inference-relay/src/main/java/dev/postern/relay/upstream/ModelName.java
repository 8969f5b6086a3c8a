package dev.postern.relay.upstream;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// The model that a request's body names.
final class ModelName {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ModelName() {}

    /// `body` with `name` in place of the text of its top-level member `model`; every other byte stays as it is.
    ///
    /// @throws IllegalArgumentException when it does not have exactly one such member
    static byte[] replaced(byte[] body, String name) {
        int from = -1;
        int to = -1;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body)) {
            boolean isObject = in.nextToken() == JsonToken.START_OBJECT;
            while (isObject && in.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = in.currentName().equals("model");
                JsonToken value = in.nextToken();
                if (found) {
                    if (value != JsonToken.VALUE_STRING || from >= 0) {
                        throw new IllegalArgumentException("not one model");
                    }
                    from = Math.toIntExact(in.currentTokenLocation().getByteOffset());
                    in.finishToken();
                    to = Math.toIntExact(in.currentLocation().getByteOffset());
                }
                in.skipChildren();
            }
        } catch (JacksonException _) {
            throw new IllegalArgumentException("not JSON");
        }
        if (from < 0) {
            throw new IllegalArgumentException("not one model");
        }
        ByteArrayOutputStream renamed = new ByteArrayOutputStream(body.length + name.length());
        renamed.write(body, 0, from);
        renamed.writeBytes(MAPPER.writeValueAsBytes(name));
        renamed.write(body, to, body.length - to);
        return renamed.toByteArray();
    }
}

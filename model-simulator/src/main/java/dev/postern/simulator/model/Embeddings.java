package dev.postern.simulator.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Vectors that mean nothing but are always the same for the same input: unit length, drawn from a generator seeded by
/// it.
final class Embeddings {
    private static final int DIMENSIONS = 16;
    private static final int MOST_DIMENSIONS = 4096;

    private Embeddings() {}

    static ObjectNode answer(JsonNode body, JsonMapper json) throws ApiError {
        String model = body.path("model").asString("");
        if (!ModelCatalog.knows(model)) {
            throw ApiError.unknownModel();
        }
        JsonNode input = body.path("input");
        if (!input.isString() && (!input.isArray() || input.isEmpty())) {
            throw ApiError.badRequest("'input' must be a string or a list.");
        }
        int dimensions = body.path("dimensions").asInt(DIMENSIONS);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw ApiError.badRequest("'dimensions' is out of range.");
        }
        boolean base64 = body.path("encoding_format").asString("").equals("base64");
        ObjectNode answer = json.createObjectNode().put("object", "list").put("model", model);
        ArrayNode data = answer.putArray("data");
        int characters = 0;
        // A list of numbers is one input of token ids; a list of anything else is a list of inputs.
        boolean many = input.isArray() && !input.get(0).isNumber();
        for (JsonNode one : many ? input : json.createArrayNode().add(input)) {
            String text = one.isString() ? one.stringValue() : one.toString();
            characters += text.length();
            float[] vector = vector(text, dimensions);
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (base64) {
                entry.put("embedding", base64(vector));
            } else {
                ArrayNode numbers = entry.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        answer.putObject("usage")
                .put("prompt_tokens", Echo.tokens(characters))
                .put("total_tokens", Echo.tokens(characters));
        return answer;
    }

    private static float[] vector(String text, int dimensions) {
        SplittableRandom random = new SplittableRandom(text.hashCode());
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
            squares += vector[i] * vector[i];
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

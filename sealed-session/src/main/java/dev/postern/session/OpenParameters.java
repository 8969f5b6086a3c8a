package dev.postern.session;

import java.security.SecureRandom;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client asks for in OPEN, next to its token. Travels sealed; only the relay reads it.
///
/// @param tenant the tenant the client acts in
/// @param clientId the client's registered id; the relay compares it with the token's
/// @param models the models it means to use; empty for any it may
/// @param maxStreams the streams it would like to have open at once
/// @param token the access token for the relay's audience; never printed
public record OpenParameters(String tenant, String clientId, List<String> models, int maxStreams, String token) {
    private static final int MAX_NAME = 256;
    private static final int MAX_MODELS = 64;
    private static final int MAX_TOKEN = 8 * 1024;
    private static final int RANDOM_LENGTH = 32;

    public OpenParameters {
        models = List.copyOf(models);
        if (tenant.length() > MAX_NAME || clientId.isBlank() || clientId.length() > MAX_NAME) {
            throw new IllegalArgumentException("tenant and client_id have at most 256 characters");
        }
        if (models.size() > MAX_MODELS || models.stream().anyMatch(model -> model.length() > MAX_NAME)) {
            throw new IllegalArgumentException("at most 64 models of at most 256 characters");
        }
        if (maxStreams < 1 || token.isBlank() || token.length() > MAX_TOKEN) {
            throw new IllegalArgumentException("at least one stream, and a token of at most 8 KiB");
        }
    }

    byte[] toJson(SecureRandom random) {
        byte[] clientRandom = new byte[RANDOM_LENGTH];
        random.nextBytes(clientRandom);
        ObjectNode json = Json.object();
        json.put("client_random", Base64Url.encode(clientRandom));
        json.put("tenant", tenant);
        json.put("client_id", clientId);
        models.forEach(json.putArray("models")::add);
        json.putObject("limits").put("streams", maxStreams);
        json.put("token", token);
        return Json.write(json);
    }

    static OpenParameters parse(byte[] content) throws MalformedContent {
        JsonNode json = Json.read(content);
        if (Base64Url.decode(Json.text(json, "client_random"), RANDOM_LENGTH).isEmpty()) {
            throw new MalformedContent("no client_random");
        }
        JsonNode models = json.path("models");
        if (!models.isArray() || models.valueStream().anyMatch(model -> !model.isString())) {
            throw new MalformedContent("no models");
        }
        long streams = Json.number(json.path("limits"), "streams");
        try {
            return new OpenParameters(
                    Json.text(json, "tenant"),
                    Json.text(json, "client_id"),
                    models.valueStream().map(JsonNode::stringValue).toList(),
                    (int) Math.min(streams, Integer.MAX_VALUE),
                    Json.text(json, "token"));
        } catch (IllegalArgumentException e) {
            throw new MalformedContent(e);
        }
    }

    @Override
    public String toString() {
        return "OpenParameters[tenant=" + tenant + ", clientId=" + clientId + ", models=" + models + "]";
    }
}

package dev.postern.chassis.keys;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// `PUT /v1/keys/{class}/{kid}` over mTLS. The key-rotation-service takes the owner from the certificate.
record RotationServiceRegistration(RotationService rotation) implements KeyRegistration {
    @Override
    public void register(String keyClass, String keyId, String instance, Map<String, Object> publicJwk)
            throws KeyNotRegistered, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("instance", instance);
        if (!publicJwk.isEmpty()) {
            body.put("jwk", publicJwk);
        }
        send("PUT", "/v1/keys/" + keyClass + "/" + keyId, body);
    }

    @Override
    public void ended(String keyClass, String keyId, String instance, int count)
            throws KeyNotRegistered, InterruptedException {
        send("POST", "/v1/keys/" + keyClass + "/" + keyId + "/ended", Map.of("instance", instance, "sessions", count));
    }

    private void send(String method, String path, Map<String, ?> body) throws KeyNotRegistered, InterruptedException {
        int status;
        try {
            status = rotation.send(method, path, body);
        } catch (IOException _) {
            throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
        }
        if (status == 409) {
            throw new KeyNotRegistered(KeyNotRegistered.Reason.KEY_ID_TAKEN);
        }
        if (status / 100 != 2) {
            throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
        }
    }
}

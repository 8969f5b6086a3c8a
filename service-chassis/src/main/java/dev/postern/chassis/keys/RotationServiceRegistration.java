package dev.postern.chassis.keys;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// `PUT /v1/keys/{class}/{kid}` over mTLS. The key-rotation-service takes the owner from the certificate.
final class RotationServiceRegistration implements KeyRegistration {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI rotation;
    private final Supplier<HttpClient> clients;

    /// @param clients makes a client for one registration: keys are registered minutes apart, and a connection must
    ///     not outlive the certificate it was opened with
    RotationServiceRegistration(URI rotation, Supplier<HttpClient> clients) {
        this.rotation = rotation;
        this.clients = clients;
    }

    @Override
    public void register(String keyClass, String keyId, String instance, Map<String, Object> publicJwk)
            throws KeyNotRegistered, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("instance", instance);
        if (!publicJwk.isEmpty()) {
            body.put("jwk", publicJwk);
        }
        send(HttpRequest.newBuilder(rotation.resolve("/v1/keys/" + keyClass + "/" + keyId))
                .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
    }

    @Override
    public void ended(String keyClass, String keyId, String instance, int count)
            throws KeyNotRegistered, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(Map.of("instance", instance, "sessions", count));
        send(HttpRequest.newBuilder(rotation.resolve("/v1/keys/" + keyClass + "/" + keyId + "/ended"))
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private void send(HttpRequest.Builder request) throws KeyNotRegistered, InterruptedException {
        try (HttpClient http = clients.get()) {
            HttpResponse<Void> response = http.send(
                    request.timeout(TIMEOUT)
                            .header("Content-Type", "application/json")
                            .build(),
                    BodyHandlers.discarding());
            if (response.statusCode() == 409) {
                throw new KeyNotRegistered(KeyNotRegistered.Reason.KEY_ID_TAKEN);
            }
            if (response.statusCode() / 100 != 2) {
                throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
            }
        } catch (IOException _) {
            throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
        }
    }
}

package dev.postern.sts.signing;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// `PUT /v1/keys/token-signing/{kid}` over mTLS. The key-rotation-service takes the owner from the certificate.
final class RotationServiceRegistration implements KeyRegistration {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final URI rotation;
    private final String instance;
    private final Supplier<HttpClient> clients;

    /// @param clients makes a client for one registration: keys are registered minutes apart, and a connection must
    ///     not outlive the certificate it was opened with
    RotationServiceRegistration(URI rotation, String instance, Supplier<HttpClient> clients) {
        this.rotation = rotation;
        this.instance = instance;
        this.clients = clients;
    }

    @Override
    public void register(String keyId, Map<String, Object> publicJwk) throws KeyNotRegistered, InterruptedException {
        String body = JSONObjectUtils.toJSONString(Map.of("instance", instance, "jwk", publicJwk));
        HttpRequest request = HttpRequest.newBuilder(rotation.resolve("/v1/keys/token-signing/" + keyId))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = clients.get()) {
            HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
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

package dev.postern.sts.client;

import dev.postern.sts.client.ClientRegistration.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The clients a platform starts with, as the launcher or an operator wrote them: an array of
/// `{"client_id","tenant","auth","jwks","scopes","audiences"}`.
final class BootstrapFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private BootstrapFile() {}

    /// Nothing when there is no such file.
    ///
    /// @throws IllegalStateException with one sentence if the file is not what it should be; nothing of its content
    ///     is in it but the place
    static Optional<List<ClientRegistration>> read(Path file) {
        try {
            JsonNode clients = JSON.readTree(Files.readString(file));
            if (!clients.isArray()) {
                throw new IllegalStateException("the bootstrap clients must be a JSON array: " + file);
            }
            List<ClientRegistration> registrations = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode client : clients) {
                ClientRegistration registration = registration(file, registrations.size(), client);
                if (!names.add(registration.clientId())) {
                    throw new IllegalStateException(
                            "the bootstrap clients name " + registration.clientId() + " twice: " + file);
                }
                registrations.add(registration);
            }
            return Optional.of(registrations);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | JacksonException _) {
            throw new IllegalStateException("the bootstrap clients cannot be read: " + file);
        }
    }

    private static ClientRegistration registration(Path file, int index, JsonNode client) {
        try {
            return new ClientRegistration(
                    client.path("client_id").asString(""),
                    client.path("tenant").asString(""),
                    proof(client),
                    strings(client.path("scopes")),
                    strings(client.path("audiences")));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "bootstrap client " + index + " of " + file + " is refused: " + e.getMessage(), e);
        }
    }

    private static Proof proof(JsonNode client) {
        return switch (client.path("auth").asString("")) {
            case "private_key_jwt" ->
                new Proof.SignedAssertion(ClientKeys.parse(client.path("jwks").toString()));
            case "tls_client_auth" -> new Proof.WorkloadCertificate();
            default -> throw new IllegalArgumentException("auth is neither private_key_jwt nor tls_client_auth");
        };
    }

    private static Set<String> strings(JsonNode array) {
        Set<String> strings = new LinkedHashSet<>();
        for (JsonNode element : array) {
            strings.add(element.asString(""));
        }
        return strings;
    }
}

package dev.postern.cli.home;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The clients that a new platform knows from its first start: `demo`, an application; `guardian`, who keeps the
/// redaction policy of the same tenant; `security` and `security-2`, who administer access. Their private keys stay
/// with them; the token-service gets the public halves.
final class FirstClients {
    /// Two of the security team, because some changes want a second approver.
    private static final List<ClientDocument> ALL = List.of(
            ClientDocument.application("demo", "demo"),
            ClientDocument.guardian("guardian", "demo"),
            ClientDocument.security("security"),
            ClientDocument.security("security-2"));

    private final PosternHome home;
    private final SecureRandom random;

    FirstClients(PosternHome home, SecureRandom random) {
        this.home = home;
        this.random = random;
    }

    /// Creates what is missing: an existing key is kept, and so is every client that an operator registered.
    void ensure() {
        List<JsonNode> registrations = new ArrayList<>();
        for (ClientDocument client : ALL) {
            ClientKeys keys = new ClientKeys(home, client.name());
            keys.ensureSigningKey(random);
            registrations.add(client.with(keys.signingKey()));
        }
        Path file = home.data("token-service").resolve("bootstrap-clients.json");
        PrivateFiles.write(file, withOthersOf(file, registrations));
    }

    private static String withOthersOf(Path file, List<JsonNode> first) {
        JsonMapper json = new JsonMapper();
        ArrayNode clients = json.createArrayNode().addAll(first);
        List<String> names = ALL.stream().map(ClientDocument::name).toList();
        if (Files.exists(file)) {
            try {
                for (JsonNode client : json.readTree(Files.readString(file))) {
                    if (!names.contains(client.path("client_id").asString(""))) {
                        clients.add(client);
                    }
                }
            } catch (IOException | JacksonException e) {
                throw new Failure(file + " is not a JSON array of clients: mend it, or remove it.", e);
            }
        }
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(clients);
    }
}

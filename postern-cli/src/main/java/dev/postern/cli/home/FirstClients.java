package dev.postern.cli.home;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The client `demo` that a new platform knows from its first start: its private key stays with the client, the
/// token-service gets the public half.
public final class FirstClients {
    private static final List<String> SCOPES =
            List.of("llm:invoke", "redaction:analyze", "redaction:redact", "redaction:restore", "audit:read");
    private static final List<String> AUDIENCES = Stream.of("gateway", "relay", "redaction", "audit")
            .map(name -> "urn:postern:" + name)
            .toList();

    private final PosternHome home;
    private final SecureRandom random;

    public FirstClients(PosternHome home, SecureRandom random) {
        this.home = home;
        this.random = random;
    }

    /// Creates what is missing: an existing key is kept, and so is every client that an operator registered.
    public void ensure() {
        Path keyFile = home.demoKey();
        if (!Files.exists(keyFile)) {
            PrivateFiles.write(keyFile, generate().toJSONString());
        }
        Path file = home.data("token-service").resolve("bootstrap-clients.json");
        PrivateFiles.write(file, withDemo(file, registration(read(keyFile))));
    }

    private static String withDemo(Path file, ObjectNode demo) {
        JsonMapper json = new JsonMapper();
        ArrayNode clients = json.createArrayNode().add(demo);
        if (Files.exists(file)) {
            try {
                for (JsonNode client : json.readTree(Files.readString(file))) {
                    if (!client.path("client_id").asString("").equals("demo")) {
                        clients.add(client);
                    }
                }
            } catch (IOException | JacksonException e) {
                throw new Failure(file + " is not a JSON array of clients: mend it, or remove it.", e);
            }
        }
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(clients);
    }

    /// The key of a client that lives under `clients/<name>/`.
    public static ECKey key(PosternHome home, String client) {
        if (!client.matches("[a-z0-9-]{1,64}")) {
            throw new Failure("A client's name consists of small letters, digits and dashes.");
        }
        return read(home.client(client).resolve("private-key.jwk"));
    }

    private ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyIDFromThumbprint(true)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static ECKey read(Path keyFile) {
        try {
            return ECKey.parse(Files.readString(keyFile));
        } catch (IOException e) {
            throw new Failure("There is no key in " + keyFile + ": start the platform once with ./postern up.", e);
        } catch (ParseException e) {
            throw new Failure(keyFile + " does not hold an EC key in JWK form.", e);
        }
    }

    private static ObjectNode registration(ECKey key) {
        JsonMapper json = new JsonMapper();
        ObjectNode client = json.createObjectNode().put("client_id", "demo").put("tenant", "demo");
        client.putObject("jwks")
                .putArray("keys")
                .add(json.readTree(key.toPublicJWK().toJSONString()));
        ArrayNode scopes = client.putArray("scopes");
        SCOPES.forEach(scopes::add);
        ArrayNode audiences = client.putArray("audiences");
        AUDIENCES.forEach(audiences::add);
        client.put("auth", "private_key_jwt");
        return client;
    }
}

package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lets a platform's services log in at a Vault or OpenBao that `deploy/vault/setup.sh` has prepared: each gets its
/// role id, and a secret id of its own in its data directory.
///
/// The administrator's token is used here and handed to no process.
public final class VaultAdmission {
    private static final List<PlatformService> KEY_HOLDERS =
            List.of(PlatformService.ROTATION, PlatformService.AUDIT, PlatformService.REDACTION, PlatformService.TOKEN);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI server;
    private final Optional<Path> caCertificate;
    private final String token;

    private VaultAdmission(URI server, Optional<Path> caCertificate, String token) {
        this.server = server;
        this.caCertificate = caCertificate;
        this.token = token;
    }

    /// What `bao` and `vault` read: address, token, and the CA's certificate.
    ///
    /// @throws Failure when one is missing, or the token would travel in the clear
    public static VaultAdmission of(Map<String, String> environment) {
        URI server = server(required(environment, "ADDR"));
        boolean loopback = "http".equals(server.getScheme()) && LOOPBACK.contains(server.getHost());
        if (!loopback && !"https".equals(server.getScheme())) {
            throw new Failure("A Vault is asked by https, or by http on loopback alone.");
        }
        Optional<Path> caCertificate = find(environment, "CACERT").map(Path::of);
        if ("https".equals(server.getScheme()) && caCertificate.isEmpty()) {
            throw new Failure("Set VAULT_CACERT to the PEM file of the authority of " + server + ".");
        }
        return new VaultAdmission(server, caCertificate, required(environment, "TOKEN"));
    }

    /// Writes the secret ids.
    ///
    /// @throws Failure when the Vault cannot be reached, or refuses
    public Kms admit(PosternHome home) throws InterruptedException {
        Map<PlatformService, String> roleIds = new EnumMap<>(PlatformService.class);
        try (PlatformHttp http = new PlatformHttp(tls())) {
            for (PlatformService service : KEY_HOLDERS) {
                String role = "/v1/auth/approle/role/" + service.artifact();
                roleIds.put(service, ask(http, PlatformHttp.request(server.resolve(role + "/role-id")), "role_id"));
                String secretId = ask(
                        http,
                        PlatformHttp.request(server.resolve(role + "/secret-id"))
                                .POST(BodyPublishers.ofString("{}")),
                        "secret_id");
                PrivateFiles.write(home.data(service.artifact()).resolve("vault-secret-id"), secretId);
            }
        }
        return kms(roleIds);
    }

    /// The keys there, for services that have these roles.
    public Kms kms(Map<PlatformService, String> roleIds) {
        return new Kms.Vault(server, caCertificate, roleIds);
    }

    /// Its text is in no message when it is refused: it may hold a password, which one that is taken does not.
    private static URI server(String text) {
        try {
            URI server = new URI(text.strip());
            if (server.getHost() != null && server.getRawUserInfo() == null) {
                return server;
            }
        } catch (URISyntaxException _) {
            // Below.
        }
        throw new Failure("VAULT_ADDR (or BAO_ADDR) is no address such as https://vault.example:8200.");
    }

    private SSLContext tls() {
        try {
            return caCertificate.isPresent() ? PemIdentity.trusting(caCertificate.get()) : SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private String ask(PlatformHttp http, HttpRequest.Builder request, String member) throws InterruptedException {
        HttpResponse<String> answer = http.send(request.header("X-Vault-Token", token));
        if (answer.statusCode() != 200) {
            throw new Failure("The Vault at " + server + " answered " + answer.statusCode()
                    + " when a service's role was asked for: is it unsealed, and was deploy/vault/setup.sh run?");
        }
        try {
            JsonNode data = new JsonMapper().readTree(answer.body()).path("data");
            return data.path(member).stringValue();
        } catch (JacksonException e) {
            throw new Failure("The answer of the Vault at " + server + " is not what a Vault answers.", e);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        return find(environment, name)
                .orElseThrow(() -> new Failure("Set VAULT_" + name + " (or BAO_" + name
                        + "): --kms vault logs the services in at the Vault that it names."));
    }

    private static Optional<String> find(Map<String, String> environment, String name) {
        return Stream.of("BAO_", "VAULT_")
                .map(prefix -> environment.getOrDefault(prefix + name, ""))
                .filter(value -> !value.isBlank())
                .findFirst();
    }
}

package dev.postern.cli.proof;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.scan.Canaries;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Values that were given to the running platform through its public interfaces, to be looked for where it stores
/// things: personal data in a prompt, an administrator's words and a subject's name in the registry, an access token.
/// The registry's are taken out again on [#close]; what a file still holds of them then is sealed as well.
final class Planted implements AutoCloseable {
    private final AdminClient admin;
    private final String scope;
    private final String client;
    private final List<String> values = new ArrayList<>();

    private Planted(AdminClient admin, String scope, String client) {
        this.admin = admin;
        this.scope = scope;
        this.client = client;
    }

    static Planted plant(PlatformSettings settings, SecureRandom random, Clock clock) throws InterruptedException {
        URI issuer = settings.ports().endpoint(PlatformService.TOKEN);
        SSLContext tls = PemIdentity.trusting(settings.home().caCertificate());
        AdminClient admin = new AdminClient(issuer, tls, new ClientKeys(settings.home(), "security"), clock, random);
        String run = hex(random);
        Planted planted = new Planted(admin, "proof:" + run, "proof-" + run);
        try {
            planted.prompt(settings, tls, random, clock);
            planted.registry(random);
            return planted;
        } catch (RuntimeException | InterruptedException e) {
            planted.close();
            throw e;
        }
    }

    List<String> values() {
        return List.copyOf(values);
    }

    private void prompt(PlatformSettings settings, SSLContext tls, SecureRandom random, Clock clock)
            throws InterruptedException {
        Canaries canaries = Canaries.draw(random);
        try (TokenClient tokens = new TokenClient(settings.ports().endpoint(PlatformService.TOKEN), tls, clock);
                PlatformHttp http = new PlatformHttp(tls)) {
            String token = tokens.issue(TokenRequest.of(
                            new ClientKeys(settings.home(), "demo"), "llm:invoke", TokenRequest.GATEWAY))
                    .token();
            HttpResponse<String> answer = http.send(ChatRequests.bearing(
                    token,
                    new ChatRequests(settings.ports().endpoint(PlatformService.GATEWAY))
                            .whole(ChatRequests.SMALL, canaries.prompt())));
            if (answer.statusCode() != 200) {
                throw new Failure("The gateway answered the planted prompt with " + answer.statusCode() + ".");
            }
            values.addAll(canaries.unwritable());
            values.add(token);
        }
    }

    private void registry(SecureRandom random) throws InterruptedException {
        String words = "ask " + hex(random) + "@proof-mail.com";
        String subject = "subject-" + hex(random);
        values.add(words);
        values.add(subject);
        admin.put("/scopes/" + AdminClient.segment(scope), object().put("description", words), "");
        ObjectNode document =
                object().put("client_id", client).put("tenant", "proof").put("auth", "self_signed_tls_client_auth");
        document.putObject("certificate").putArray("x5t#S256").add("A".repeat(43));
        document.putArray("scopes").add("llm:invoke");
        document.putArray("audiences").add(TokenRequest.GATEWAY);
        document.putArray("bindings").add("mtls");
        document.putObject("exchange").put("allowed", true).putArray("subjects").add(subject);
        admin.put("/clients/" + client, document, "");
        // It is there, and reads as it was written: what the file has of it is what is looked for.
        JsonNode stored = admin.get("/clients/" + client).body();
        if (!stored.path("exchange").path("subjects").path(0).asString("").equals(subject)) {
            throw new Failure("The registry did not store the planted client.");
        }
    }

    @Override
    public void close() {
        try {
            admin.find("/clients/" + client).ifPresent(found -> quietly("/clients/" + client, found.etag()));
            for (JsonNode found : admin.list("/scopes")) {
                if (found.path("name").asString("").equals(scope)) {
                    quietly(
                            "/scopes/" + AdminClient.segment(scope),
                            "\"" + found.path("version").asString() + "\"");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            admin.close();
        }
    }

    private void quietly(String path, String etag) {
        try {
            admin.delete(path, etag);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode object() {
        return new JsonMapper().createObjectNode();
    }

    private static String hex(SecureRandom random) {
        byte[] octets = new byte[6];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }
}

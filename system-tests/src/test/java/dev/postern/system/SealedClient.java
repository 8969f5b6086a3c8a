package dev.postern.system;

import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.sealed.RelayAccess;
import dev.postern.cli.sealed.RelayConnection;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ProofKey;
import dev.postern.system.SystemPlatform.Running;
import java.security.SecureRandom;
import java.time.Clock;
import tools.jackson.databind.node.ObjectNode;

/// A client with one token for the relay, which opens sealed sessions straight to it.
final class SealedClient {
    private final Running platform;
    private final TemporaryClient client;
    private final ProofKey key;
    private final String token;

    SealedClient(Running platform, TemporaryClient client) throws InterruptedException {
        this.platform = platform;
        this.client = client;
        this.key = new ProofKeys().next();
        this.token =
                platform.token(client.request("llm:invoke", TokenRequest.RELAY).boundTo(key));
    }

    String token() {
        return token;
    }

    RelayConnection open() throws InterruptedException {
        return RelayConnection.open(access(), new SecureRandom());
    }

    RelayAccess access() {
        return new RelayAccess(
                platform.settings().ports().endpoint(PlatformService.RELAY),
                new Operator(platform.home()).tls(),
                PemIdentity.certificates(platform.home().caCertificate()),
                client.name(),
                client.name(),
                token,
                key,
                Clock.systemUTC());
    }

    /// For those who expect that it cannot be opened.
    void openAgain() throws InterruptedException {
        open().close();
    }

    static ObjectNode streamedChat(String model, String text) {
        ObjectNode body = Edge.JSON.createObjectNode().put("model", model).put("stream", true);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }
}

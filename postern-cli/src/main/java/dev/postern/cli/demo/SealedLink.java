package dev.postern.cli.demo;

import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.sealed.RelayAccess;
import dev.postern.cli.sealed.RelayConnection;
import dev.postern.cli.token.TokenClaims;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ProofKey;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Opens sealed sessions straight to the relay, past the gateway, so that a check can repeat and alter frames.
final class SealedLink {
    private SealedLink() {}

    static RelayConnection open(DemoWorld world) throws InterruptedException {
        ProofKey proofKey = world.newProofKey();
        String token = world.token(TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.RELAY)
                .boundTo(proofKey));
        RelayAccess access = new RelayAccess(
                world.ports().endpoint(PlatformService.RELAY),
                new Operator(world.home()).tls(),
                PemIdentity.certificates(world.home().caCertificate()),
                "demo",
                TokenClaims.tenant(token),
                token,
                proofKey,
                world.clock());
        return RelayConnection.open(access, world.random());
    }

    static ObjectNode chat(String text) {
        ObjectNode body = new JsonMapper().createObjectNode().put("model", DemoWorld.CHAT_MODEL);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }
}

package dev.postern.cli.demo;

import dev.postern.cli.token.TokenRequest;
import dev.postern.client.Token;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;
import java.time.Duration;

/// Tokens of the client `demo` for the SDK, of which the check can take back the last.
final class WorldTokens implements TokenSource {
    /// What tokens live at least.
    private static final Duration LIFE = Duration.ofMinutes(4);

    private final DemoWorld world;
    private volatile String lastForGateway = "";

    WorldTokens(DemoWorld world) {
        this.world = world;
    }

    @Override
    public Token gateway() throws InterruptedException {
        lastForGateway = world.gatewayToken();
        return lived(lastForGateway);
    }

    @Override
    public Token relay(ProofKey key) throws InterruptedException {
        return lived(world.token(TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.RELAY)
                .boundTo(key)));
    }

    String lastForGateway() {
        return lastForGateway;
    }

    private Token lived(String token) {
        return new Token(token, world.now().plus(LIFE));
    }
}

package dev.postern.cli.demo;

import dev.postern.cli.token.IssuedToken;
import dev.postern.cli.token.TokenRequest;
import dev.postern.client.Token;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;

/// Tokens of the client `demo` for the SDK, of which the check can take back the last.
final class WorldTokens implements TokenSource {
    private final DemoWorld world;
    private volatile String lastForGateway = "";

    WorldTokens(DemoWorld world) {
        this.world = world;
    }

    @Override
    public Token gateway() throws InterruptedException {
        Token token = issue(TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.GATEWAY));
        lastForGateway = token.value();
        return token;
    }

    @Override
    public Token relay(ProofKey key) throws InterruptedException {
        return issue(TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.RELAY)
                .boundTo(key));
    }

    String lastForGateway() {
        return lastForGateway;
    }

    private Token issue(TokenRequest request) throws InterruptedException {
        IssuedToken issued = world.issue(request);
        return new Token(issued.token(), issued.expires());
    }
}

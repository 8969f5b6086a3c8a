package dev.postern.cli.connect;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.IssuedToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.client.Token;
import dev.postern.client.TokenRefused;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;
import java.io.IOException;

/// Tokens of a client of this machine, fresh for each session: they live five minutes, as long as a session may.
final class HomeTokens implements TokenSource {
    static final String SCOPE = "llm:invoke";

    private final ClientKeys keys;
    private final TokenClient tokens;

    HomeTokens(ClientKeys keys, TokenClient tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    @Override
    public Token gateway() throws IOException, InterruptedException {
        return issue(TokenRequest.of(keys, SCOPE, TokenRequest.GATEWAY));
    }

    @Override
    public Token relay(ProofKey key) throws IOException, InterruptedException {
        return issue(TokenRequest.of(keys, SCOPE, TokenRequest.RELAY).boundTo(key));
    }

    private Token issue(TokenRequest request) throws IOException, InterruptedException {
        try {
            IssuedToken issued = tokens.issue(request);
            return new Token(issued.token(), issued.expires());
        } catch (Failure failure) {
            throw failure.code() == ExitCode.NOT_PERMITTED ? new TokenRefused() : new IOException("no token", failure);
        }
    }
}

package dev.postern.system;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.token.IssuedToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.client.Token;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;
import java.text.ParseException;

/// Tokens of a client for the SDK; the last of each kind is remembered, so that a test can take it back.
final class RecordedTokens implements TokenSource {
    private final TemporaryClient client;
    private final TokenClient tokens;
    private volatile String gateway = "";
    private volatile String relay = "";

    RecordedTokens(TemporaryClient client, TokenClient tokens) {
        this.client = client;
        this.tokens = tokens;
    }

    @Override
    public Token gateway() throws InterruptedException {
        IssuedToken issued = tokens.issue(client.request("llm:invoke", TokenRequest.GATEWAY));
        gateway = issued.token();
        return new Token(issued.token(), issued.expires());
    }

    @Override
    public Token relay(ProofKey key) throws InterruptedException {
        IssuedToken issued =
                tokens.issue(client.request("llm:invoke", TokenRequest.RELAY).boundTo(key));
        relay = issued.token();
        return new Token(issued.token(), issued.expires());
    }

    String gatewayClaim(String name) {
        return claim(gateway, name);
    }

    String relayClaim(String name) {
        return claim(relay, name);
    }

    private static String claim(String token, String name) {
        try {
            return String.valueOf(SignedJWT.parse(token).getJWTClaimsSet().getClaim(name));
        } catch (ParseException e) {
            throw new AssertionError("the token is not a signed JWT", e);
        }
    }
}

package dev.postern.cli.connect;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.token.TokenClaims;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.client.PosternClient;
import dev.postern.session.ProofKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import javax.net.ssl.SSLContext;

/// The Java SDK with the credentials of a client of this machine.
public final class HomeClient implements AutoCloseable {
    private final TokenClient tokens;
    private final PosternClient client;

    private HomeClient(TokenClient tokens, PosternClient client) {
        this.tokens = tokens;
        this.client = client;
    }

    /// Gets a first token, so that a client that may not have one is told so now.
    ///
    /// @throws dev.postern.cli.terminal.Failure when the token-service refuses or cannot be reached
    public static HomeClient of(PlatformSettings settings, ClientKeys keys, Clock clock, SecureRandom random)
            throws InterruptedException {
        Path ca = settings.home().caCertificate();
        SSLContext tls = PemIdentity.trusting(ca);
        TokenClient tokens = new TokenClient(settings.ports().endpoint(PlatformService.TOKEN), tls, clock);
        boolean ready = false;
        try {
            ProofKey proofKey = keys.proofKey(random);
            String first = tokens.fetch(
                    TokenRequest.of(keys, HomeTokens.SCOPE, TokenRequest.RELAY).boundTo(proofKey));
            PosternClient client = PosternClient.builder(
                            settings.ports().endpoint(PlatformService.GATEWAY), clock, random)
                    .tls(tls)
                    .anchors(PemIdentity.certificates(ca))
                    .client(keys.client(), TokenClaims.tenant(first))
                    .proofKey(proofKey)
                    .tokens(new HomeTokens(keys, tokens))
                    .build();
            ready = true;
            return new HomeClient(tokens, client);
        } finally {
            if (!ready) {
                tokens.close();
            }
        }
    }

    public PosternClient sdk() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        tokens.close();
    }
}

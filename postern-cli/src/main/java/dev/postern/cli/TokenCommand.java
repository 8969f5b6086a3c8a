package dev.postern.cli;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.home.TlsFiles;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.SubjectToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern token`
@Command(
        name = "token",
        description = "Prints an access token and nothing else.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A token bound by dpop works only with proofs of the key clients/<name>/dpop.jwk, one bound by mtls only",
            "over a connection with clients/<name>/tls-cert.pem and tls-key.pem."
        })
final class TokenCommand implements Callable<Integer> {
    /// What a token is bound to.
    enum Binding {
        BEARER,
        DPOP,
        MTLS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--client", defaultValue = "demo", description = "The client (default: ${DEFAULT-VALUE}).")
    private String client = "";

    @Option(names = "--scope", defaultValue = "llm:invoke", description = "Scopes, separated by blanks.")
    private String scope = "";

    @Option(
            names = "--audience",
            defaultValue = TokenRequest.GATEWAY,
            description = "The service it is for (default: ${DEFAULT-VALUE}).")
    private String audience = "";

    @Option(
            names = "--binding",
            defaultValue = "bearer",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Binding binding = Binding.BEARER;

    @Option(
            names = "--use",
            description = "inference, publish, subscribe or capability at the gateway; else the audience decides.")
    private @Nullable String use;

    @Option(
            names = "--authorization-details",
            paramLabel = "JSON",
            description = "An array of details (RFC 9396), or @FILE that holds one.")
    private @Nullable String details;

    @Option(names = "--uses", paramLabel = "COUNT", description = "How often a capability may be used (default: once).")
    private @Nullable Integer uses;

    @Option(
            names = "--exchange",
            paramLabel = "TOKEN",
            description = "Trades this token for a narrower one (RFC 8693); - reads it from standard input.")
    private @Nullable String subjectToken;

    @Option(names = "--foreign", description = "The token to trade is a JWT of an issuer that the admin API lists.")
    private boolean foreign;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        PlatformSettings settings = surroundings.settings();
        ClientKeys keys = new ClientKeys(settings.home(), client);
        try (TokenClient tokens = new TokenClient(
                settings.ports().endpoint(PlatformService.TOKEN), tls(surroundings, keys), surroundings.clock())) {
            System.out.println(tokens.fetch(request(surroundings, keys)));
        }
        return 0;
    }

    private SSLContext tls(Surroundings surroundings, ClientKeys keys) {
        Path ca = surroundings.settings().home().caCertificate();
        if (binding != Binding.MTLS) {
            return PemIdentity.trusting(ca);
        }
        TlsFiles files = keys.tls(surroundings.clock(), surroundings.random());
        return PemIdentity.identified(files.certificate(), files.key(), ca);
    }

    private TokenRequest request(Surroundings surroundings, ClientKeys keys) {
        TokenRequest request = TokenRequest.of(keys, scope, audience);
        if (binding == Binding.DPOP) {
            request = request.boundTo(keys.proofKey(surroundings.random()));
        }
        if (use != null) {
            request = request.use(use);
        }
        if (uses != null) {
            request = request.uses(uses);
        }
        if (details != null) {
            request = request.details(text(details));
        }
        if (subjectToken != null) {
            request = request.exchanging(new SubjectToken(
                    subjectToken.equals("-") ? standardInput() : subjectToken,
                    foreign ? SubjectToken.JWT : SubjectToken.ACCESS_TOKEN));
        }
        return request;
    }

    private static String text(String given) {
        if (!given.startsWith("@")) {
            return given;
        }
        Path file = Path.of(given.substring(1));
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        }
    }

    private static String standardInput() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new Failure("Standard input cannot be read.", e);
        }
    }
}

package dev.postern.cli;

import dev.postern.cli.home.FirstClients;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern token`
@Command(name = "token", description = "Prints an access token and nothing else.", mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    @Option(names = "--client", defaultValue = "demo", description = "The client (default: ${DEFAULT-VALUE}).")
    private String client = "";

    @Option(names = "--scope", defaultValue = "llm:invoke", description = "Scopes, separated by blanks.")
    private String scope = "";

    @Option(
            names = "--audience",
            defaultValue = TokenRequest.GATEWAY,
            description = "The service it is for (default: ${DEFAULT-VALUE}).")
    private String audience = "";

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        PlatformSettings settings = surroundings.settings();
        try (TokenClient tokens = new TokenClient(
                settings.ports().endpoint(PlatformService.TOKEN),
                PemIdentity.trusting(settings.home().caCertificate()),
                surroundings.clock())) {
            System.out.println(tokens.fetch(
                    TokenRequest.bearer(client, FirstClients.key(settings.home(), client), scope, audience)));
        }
        return 0;
    }
}

package dev.postern.cli.bench.redaction;

import dev.postern.cli.bench.LoadRun;
import dev.postern.cli.bench.RequestSource;
import dev.postern.cli.bench.Target;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/// `POST /v1/redact` as the operator, with a token of the client `demo`. Its echo is the same call with an empty text:
/// TLS, HTTP, token and audit, and nothing to look at.
final class RestWay implements Way {
    private final PlatformSettings settings;
    private final Clock clock;

    RestWay(PlatformSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String label() {
        return "rest";
    }

    @Override
    public List<Sample> samples() {
        return List.of(Sample.ECHO, Sample.STRUCTURED, Sample.PROSE);
    }

    @Override
    public Tally load(Sample sample, int streams, Duration each) throws InterruptedException {
        URI address = settings.ports().endpoint(PlatformService.REDACTION);
        SSLContext operator = new Operator(settings.home()).tls();
        RequestSource requests = RequestSource.always(request(address, token(), sample.text()));
        Target target = new Target(label(), address, Optional.of(operator), requests);
        LoadRun.Result result = LoadRun.run(target, streams, each);
        return new Tally(result.latencies().times(1_000), result.failed(), result.took());
    }

    static byte[] request(URI address, String token, String text) {
        String body = new JsonMapper()
                .createObjectNode()
                .put("text", text)
                .put("conversation", "bench")
                .toString();
        return Target.post(
                address.resolve("/v1/redact"), "application/json", "Authorization: Bearer " + token + "\r\n", body);
    }

    /// For each run a new one: tokens live as long as a few runs.
    private String token() throws InterruptedException {
        SSLContext tls = PemIdentity.trusting(settings.home().caCertificate());
        try (TokenClient tokens = new TokenClient(settings.ports().endpoint(PlatformService.TOKEN), tls, clock)) {
            return tokens.fetch(TokenRequest.of(
                    new ClientKeys(settings.home(), "demo"), "redaction:redact", TokenRequest.REDACTION));
        }
    }
}

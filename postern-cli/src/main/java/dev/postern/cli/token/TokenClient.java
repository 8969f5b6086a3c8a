package dev.postern.cli.token;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gets tokens by `client_credentials` or token exchange with a signed assertion (RFC 7523), as any external client
/// would. Safe for many threads.
public final class TokenClient implements AutoCloseable {
    /// What a client may not, whatever it sends (RFC 6749 section 5.2, RFC 8693 section 2.2.2).
    private static final Set<String> FORBIDDEN =
            Set.of("invalid_client", "unauthorized_client", "invalid_scope", "invalid_target", "access_denied");

    private static final Duration ASSERTION_LIFE = Duration.ofSeconds(60);

    private final URI issuer;
    private final HttpClient client;
    private final Clock clock;
    private volatile Optional<String> nonce = Optional.empty();

    /// `tls` trusts the platform's CA. With a client certificate in it, the tokens are bound to that certificate
    /// (RFC 8705).
    public TokenClient(URI issuer, SSLContext tls, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /// The compact token.
    ///
    /// @throws Failure when the token-service refuses or cannot be reached
    public String fetch(TokenRequest request) throws InterruptedException {
        return issue(request).token();
    }

    /// The token and its end.
    ///
    /// @throws Failure when the token-service refuses or cannot be reached
    public IssuedToken issue(TokenRequest request) throws InterruptedException {
        HttpResponse<String> answer = ask(request);
        JsonNode body = json(answer.body());
        if (answer.statusCode() != 200) {
            // OAuth's error code (RFC 6749 section 5.2) is a fixed word and safe to show.
            String error = body.path("error").asString("");
            throw new Failure(
                    refusal(answer.statusCode(), error),
                    "The token-service refused: " + answer.statusCode() + " " + error);
        }
        return new IssuedToken(
                body.path("access_token").asString(""),
                clock.instant().plusSeconds(body.path("expires_in").asLong(0)));
    }

    private static ExitCode refusal(int status, String error) {
        if (status == 401 || status == 403 || FORBIDDEN.contains(error)) {
            return ExitCode.NOT_PERMITTED;
        }
        return status == 400 ? ExitCode.REFUSED : ExitCode.FAILED;
    }

    /// The raw answer, for those who want to see a refusal. A request for a nonce (RFC 9449 section 8) is met.
    public HttpResponse<String> ask(TokenRequest request) throws InterruptedException {
        HttpResponse<String> answer = post(request);
        Optional<String> given = answer.headers().firstValue("DPoP-Nonce");
        if (given.isPresent()) {
            nonce = given;
        }
        boolean asked = answer.statusCode() == 400
                && json(answer.body()).path("error").asString("").equals("use_dpop_nonce");
        return asked && given.isPresent() ? post(request) : answer;
    }

    @Override
    public void close() {
        client.close();
    }

    private HttpResponse<String> post(TokenRequest request) throws InterruptedException {
        URI endpoint = issuer.resolve("/oauth2/token");
        String assertion =
                ClientAssertion.sign(request.clientId(), request.key(), issuer, clock.instant(), ASSERTION_LIFE);
        HttpRequest.Builder post = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(TokenForm.of(request, assertion)));
        request.boundTo()
                .ifPresent(key -> post.header(
                        "DPoP",
                        key.prove(
                                "POST",
                                endpoint.toString(),
                                clock.instant(),
                                nonce.map(value -> Map.of("nonce", value)).orElse(Map.of()))));
        try {
            return client.send(post.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Failure("The token-service at " + issuer + " cannot be reached: is the platform up?", e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JacksonException e) {
            throw new Failure("The token-service's answer is not JSON.", e);
        }
    }
}

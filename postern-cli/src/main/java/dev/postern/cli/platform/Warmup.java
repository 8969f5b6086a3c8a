package dev.postern.cli.platform;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// A short exercise of the main path, so that a training run loads and profiles what real requests use.
final class Warmup {
    private static final int ROUNDS = 15;
    /// A platform that starts for the first time on a busy machine answers its first requests late.
    private static final int FORGIVEN = 30;
    private static final int CHATS = 20;

    private final PlatformSettings settings;
    private final Clock clock;
    private int failures;

    Warmup(PlatformSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    void run() throws InterruptedException {
        SSLContext tls = PemIdentity.trusting(settings.home().caCertificate());
        URI issuer = settings.ports().endpoint(PlatformService.TOKEN);
        try (TokenClient tokens = new TokenClient(issuer, tls, clock);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            TokenRequest request =
                    TokenRequest.of(new ClientKeys(settings.home(), "demo"), "llm:invoke", TokenRequest.GATEWAY);
            for (int round = 0; round < ROUNDS; round++) {
                String token = tokens.fetch(request);
                get(client, "/v1/models", token);
                post(client, "/v1/embeddings", token, "{\"model\":\"simulator-embed\",\"input\":\"warm\"}");
                for (int chat = 0; chat < CHATS; chat++) {
                    post(client, "/v1/chat/completions", token, chat(chat % 2 == 0 ? "true" : "false"));
                }
            }
        }
    }

    private static String chat(String stream) {
        return """
                {"model":"simulator-small","stream":%s,"messages":[{"role":"user",\
                "content":"Write to warm.up@example.com about card 4111 1111 1111 1111."}]}""".formatted(stream);
    }

    private void get(HttpClient client, String path, String token) throws InterruptedException {
        send(client, request(path, token).GET());
    }

    private void post(HttpClient client, String path, String token, String body) throws InterruptedException {
        send(
                client,
                request(path, token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(
                        settings.ports().endpoint(PlatformService.GATEWAY).resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    private void send(HttpClient client, HttpRequest.Builder request) throws InterruptedException {
        try {
            int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            if (status != 200 && ++failures > FORGIVEN) {
                throw new Failure("the gateway answered " + status);
            }
        } catch (IOException e) {
            throw new Failure("the gateway did not answer", e);
        }
    }
}

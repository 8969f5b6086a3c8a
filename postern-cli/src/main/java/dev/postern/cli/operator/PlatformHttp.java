package dev.postern.cli.operator;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Printable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plain requests to the platform's services. Safe for use by many threads.
public final class PlatformHttp implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /// No service has a longer answer: a hundred of the largest events are five.
    private static final long LONGEST = 16L << 20;

    private final HttpClient client;
    private final JsonMapper json = new JsonMapper();

    public PlatformHttp(SSLContext tls) {
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    public static HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).timeout(PATIENCE);
    }

    /// The answer, whatever its status.
    ///
    /// @throws Failure when there is none, or one of more than 16 MiB
    public HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
        HttpRequest built = request.build();
        try {
            return client.send(built, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST));
        } catch (IOException e) {
            throw new Failure(
                    "No answer from " + built.uri().getAuthority() + " to " + built.method() + " "
                            + built.uri().getPath()
                            + ": nobody listens there, the certificate is not trusted, or it broke"
                            + " off or was longer than " + (LONGEST >> 20)
                            + " MiB. Look whether it is the right server.",
                    e);
        }
    }

    /// A refusal's document (RFC 9457); a missing node where there is none, as in the page of something in between.
    public static JsonNode problem(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException _) {
            return JsonMapper.shared().missingNode();
        }
    }

    /// A refusal, in the service's own sentence if it has one.
    ///
    /// @param service with which a sentence begins: `The audit-service`
    public static Failure refused(String service, int status, JsonNode problem) {
        String sentence = problem.path("title").asString(service + " answered " + status + ".");
        return new Failure(ExitCode.ofStatus(status), Printable.of(sentence));
    }

    /// For those who want an answer's body as it comes.
    public HttpClient client() {
        return client;
    }

    public String text(URI address) throws InterruptedException {
        HttpResponse<String> answer = send(request(address));
        if (answer.statusCode() != 200) {
            throw new Failure(address.getAuthority() + address.getPath() + " answered " + answer.statusCode() + ".");
        }
        return answer.body();
    }

    public JsonNode json(URI address) throws InterruptedException {
        return parse(text(address));
    }

    /// Posts a document; any 2xx answer is good.
    public JsonNode post(URI address, JsonNode document) throws InterruptedException {
        HttpResponse<String> answer = send(request(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(document.toString())));
        if (answer.statusCode() / 100 != 2) {
            throw new Failure(address.getAuthority() + address.getPath() + " answered " + answer.statusCode() + ".");
        }
        return parse(answer.body());
    }

    public void delete(URI address) throws InterruptedException {
        send(request(address).DELETE());
    }

    @Override
    public void close() {
        client.close();
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException e) {
            throw new Failure("An answer is not JSON.", e);
        }
    }
}

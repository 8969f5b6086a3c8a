package dev.postern.rotation;

import dev.postern.identity.Credential;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/// One process that talks to the service over TLS.
final class ServiceClient implements AutoCloseable {
    final String instance = UUID.randomUUID().toString();
    private final URI service;
    private final HttpClient http;

    ServiceClient(int port, SSLContext tls) {
        this.service = URI.create("https://localhost:" + port);
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    static WorkloadIdentity join(ServiceHome home, String workload, int port) {
        home.admit(workload, Duration.ofMinutes(1));
        return WorkloadIdentity.join(
                new JoinSettings(
                        workload,
                        "postern.local",
                        URI.create("https://localhost:" + port),
                        home.certificate(),
                        new Credential.JoinToken(home.tokenFile(workload)),
                        InMemoryAuthority.LOCAL_HOSTS,
                        Duration.ofSeconds(10)),
                Clock.systemUTC());
    }

    URI service() {
        return service;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path)));
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path)).DELETE());
    }

    /// @param headers names and values, in turn
    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> put(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /// The directory's compact JWS; tells that `applied` is applied.
    String directory(long applied) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/v1/directory?applied=" + applied + "&instance=" + instance);
        if (answer.statusCode() != 200) {
            throw new AssertionError("directory answered " + answer.statusCode());
        }
        return answer.body();
    }

    /// Its last word: nobody waits for it from now on.
    void leave() throws IOException, InterruptedException {
        var _ = get("/v1/directory?applied=0&leaving=true&instance=" + instance);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

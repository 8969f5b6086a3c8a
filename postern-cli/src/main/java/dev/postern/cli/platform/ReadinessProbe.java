package dev.postern.cli.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// Asks management ports, as the operator, whether a service is ready.
public final class ReadinessProbe implements AutoCloseable {
    private final HttpClient client;
    private final Ports ports;

    public ReadinessProbe(SSLContext operator, Ports ports) {
        this.client = HttpClient.newBuilder()
                .sslContext(operator)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        this.ports = ports;
    }

    public boolean ready(PlatformService service) throws InterruptedException {
        return ready(ports.managementEndpoint(service));
    }

    boolean ready(URI management) throws InterruptedException {
        URI probe = management.resolve("/actuator/health/readiness");
        HttpRequest request =
                HttpRequest.newBuilder(probe).timeout(Duration.ofSeconds(5)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

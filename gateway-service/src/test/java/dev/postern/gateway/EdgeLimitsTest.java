package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongFunction;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// Requests that are too large, have too many headers, or take too long to arrive.
@TestPropertySource(
        properties = {
            "postern.audit.spool-directory=${postern.home}/spool-of-edge-limits",
            "postern.gateway.relay.session-wait=20s",
            "postern.gateway.edge.request-timeout=1s",
            "postern.gateway.edge.idle-timeout=2s",
            "postern.gateway.edge.max-headers=20",
            "postern.gateway.edge.body-limits.embeddings=2KB"
        })
class EdgeLimitsTest extends GatewayFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void bodyWhenTheRouteHasItsOwnLimitThenThatCounts() throws Exception {
        model(stream -> stream.document("{}"));
        String input = "{\"model\":\"m\",\"input\":\"" + "x".repeat(3000) + "\"}";

        assertThat(send(authorized("/v1/embeddings").POST(BodyPublishers.ofString(input)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(authorized("/v1/completions").POST(BodyPublishers.ofString(input)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void headersWhenTooManyThen431WhoeverAsks() throws Exception {
        HttpRequest.Builder request = to("/v1/models").GET();
        for (int i = 0; i < 21; i++) {
            request.header("X-Many", "value-" + i);
        }

        HttpResponse<String> response = send(request);

        assertThat(response.statusCode()).isEqualTo(431);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("too_many_headers");
    }

    @Test
    void headersWhenTooLongThenRefusedByTheServer() throws Exception {
        HttpResponse<String> response = send(
                authorized("/v1/models").header("X-Long", "x".repeat(20_000)).GET());

        assertThat(response.statusCode()).isIn(400, 413, 431);
    }

    @Test
    void headWhenItDripsThenTheConnectionIsClosed() throws Exception {
        assertThat(isCutOff("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", n -> "x"))
                .isTrue();
    }

    @Test
    void headersWhenOneMoreAlwaysComesThenTheConnectionIsClosed() throws Exception {
        assertThat(isCutOff("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n", n -> "X-" + n + ": y\r\n"))
                .isTrue();
    }

    @Test
    void bodyWhenItDripsThenTheConnectionIsClosed() throws Exception {
        assertThat(isCutOff(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + PLATFORM.tokens().good()
                                + "\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
                        n -> " "))
                .isTrue();
    }

    @Test
    void connectionWhenNothingIsAskedThenItIsClosed() throws Exception {
        assertThat(isCutOff("", n -> "")).isTrue();
    }

    /// Sends `beginning`, and a little more after each fifth of a second in which nothing happened; whether the gateway
    /// ends the connection.
    private boolean isCutOff(String beginning, LongFunction<String> more) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                PLATFORM.clientTls().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(200);
            OutputStream out = socket.getOutputStream();
            out.write(beginning.getBytes(StandardCharsets.US_ASCII));
            long until = System.nanoTime() + PATIENCE.toNanos();
            for (long n = 0; System.nanoTime() < until; n++) {
                try {
                    if (socket.getInputStream().read() < 0) {
                        return true;
                    }
                } catch (SocketTimeoutException _) {
                    out.write(more.apply(n).getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                } catch (IOException _) {
                    return true;
                }
            }
            return false;
        } catch (java.net.SocketException _) {
            // Closed while writing.
            return true;
        }
    }
}

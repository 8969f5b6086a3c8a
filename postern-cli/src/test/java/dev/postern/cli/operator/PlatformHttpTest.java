package dev.postern.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PlatformHttpTest {
    private static final int LONGEST = 16 << 20;

    private volatile int length;

    @SuppressWarnings("NullAway.Init") // Started before each test.
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private PlatformHttp http;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                // In chunks, so that nothing tells beforehand how long it will be.
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[length]);
            }
        });
        server.start();
        http = new PlatformHttp(SSLContext.getDefault());
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/events");
    }

    @Test
    void answerWhenLongerThanAnyServicesThenIsNotReadToItsEnd() throws Exception {
        length = LONGEST;
        assertThat(http.text(address())).hasSize(LONGEST);
        length = LONGEST + 1;
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> http.text(address()))
                .withMessageContaining("longer than 16 MiB")
                .withMessageContaining("right server");
    }

    @Test
    void refusalWhenItHasASentenceThenThatAndElseItsStatus() {
        Failure refused =
                PlatformHttp.refused("The service", 409, PlatformHttp.problem("{\"title\": \"Not\\u001b now.\"}"));
        assertThat(refused).hasMessage("Not? now.").returns(ExitCode.CONFLICT, Failure::code);
        for (String none : new String[] {"<html>", "", "[]", "{\"title\": {}}", "\"title\"", "null"}) {
            assertThat(PlatformHttp.refused("The service", 502, PlatformHttp.problem(none)))
                    .as(none)
                    .hasMessage("The service answered 502.")
                    .returns(ExitCode.FAILED, Failure::code);
        }
    }
}

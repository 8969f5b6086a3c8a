package dev.postern.cli.audit.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LegalHoldsTest {
    private final List<String> asked = new ArrayList<>();
    private volatile int status = 204;
    private volatile String body = "";

    @SuppressWarnings("NullAway.Init") // Started before each test.
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private PlatformHttp http;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + sent);
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            try (exchange) {
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        http = new PlatformHttp(SSLContext.getDefault());
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.stop(0);
    }

    private LegalHolds holds() {
        return new LegalHolds(
                http, URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Test
    void holdsWhenListedThenByNameWithWhatTheyHold() throws Exception {
        status = 200;
        body = "{\"case-9\": [\"2026-12-02\"], \"case-7\": [\"2026w48\", \"2026w49\"]}";
        assertThat(holds().list())
                .containsExactly(
                        Map.entry("case-7", List.of("2026w48", "2026w49")), Map.entry("case-9", List.of("2026-12-02")));
        assertThat(asked).containsExactly("GET /v1/holds ");
    }

    @Test
    void holdWhenPlacedAndReleasedThenWithItsReason() throws Exception {
        holds().place("case-7", List.of("2026w48"), "order of the court");
        holds().release("case-7", "settled & done");
        assertThat(asked.getFirst()).startsWith("PUT /v1/holds/case-7 ");
        assertThat(JsonMapper.shared().readTree(asked.getFirst().substring("PUT /v1/holds/case-7 ".length())))
                .isEqualTo(
                        JsonMapper.shared().readTree("{\"held\": [\"2026w48\"], \"reason\": \"order of the court\"}"));
        assertThat(asked.getLast()).isEqualTo("DELETE /v1/holds/case-7?reason=settled+%26+done ");
    }

    @Test
    void holdWhenRefusedThenTheServicesSentenceAndTheCodeOfItsKind() {
        status = 409;
        body = "{\"title\": \"Something of what the hold names is deleted or shredded already.\", \"status\": 409}";
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> holds().place("case-7", List.of("2026w01"), "why"))
                .withMessage("Something of what the hold names is deleted or shredded already.")
                .matches(failure -> failure.code() == ExitCode.CONFLICT);
        status = 404;
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> holds().release("case-8", "why"))
                .withMessageContaining("hold list")
                .matches(failure -> failure.code() == ExitCode.NOT_FOUND);
        status = 403;
        body = "{\"title\": \"Only the operator may.\"}";
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> holds().list())
                .withMessage("Only the operator may.")
                .matches(failure -> failure.code() == ExitCode.NOT_PERMITTED);
    }

    @Test
    void holdsWhenAProxyAnswersThenItsStatusAndNotThatItsPageIsNoJson() {
        status = 502;
        body = "<html>Bad Gateway</html>";
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> holds().list())
                .withMessage("The audit-service answered 502.")
                .matches(failure -> failure.code() == ExitCode.FAILED);
    }

    @Test
    void nameWhenItIsNoneThenNobodyIsAsked() {
        for (String name : new String[] {"", "Case 7", "../v1", "case/7"}) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> holds().release(name, "why"))
                    .matches(failure -> failure.code() == ExitCode.USAGE);
        }
        assertThat(asked).isEmpty();
    }
}

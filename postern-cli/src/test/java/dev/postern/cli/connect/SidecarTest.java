package dev.postern.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.connect.ListenAddress.Reach;
import dev.postern.client.PosternClient;
import dev.postern.client.Token;
import dev.postern.client.TokenSource;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.session.ProofKey;
import dev.postern.session.Suite;
import dev.postern.testrelay.TestGateway;
import dev.postern.testrelay.TestStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sidecar over the wire, with a platform that nobody can reach.
class SidecarTest {
    private static final String STREAMED = "{\"stream\":true}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final PosternClient client = PosternClient.builder(
                    URI.create("https://localhost:1"), Clock.systemUTC(), new SecureRandom())
            .client("demo", "demo")
            .anchors(List.of(InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom())
                    .certificate()))
            .tokens(new NoTokens())
            .build();
    private final Sidecar sidecar =
            Sidecar.start(ListenAddress.parse("127.0.0.1:0", Reach.LOOPBACK), Reach.LOOPBACK, client);

    @AfterEach
    void close() {
        sidecar.close();
        client.close();
        http.close();
    }

    @Test
    void platformWhenAwayThenAnErrorInOpenAisShape() throws Exception {
        HttpResponse<String> answer = http.send(
                to("/v1/chat/completions")
                        .POST(BodyPublishers.ofString("{\"stream\":true}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(error(answer).path("code").asString()).isEqualTo("unavailable");
        assertThat(error(answer).path("type").asString()).isEqualTo("server_error");
        assertThat(error(answer).has("param")).isTrue();
        assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
    }

    @Test
    void requestWhenLostAtTheRelayThenTheProgramIsToldNotToRepeatIt() throws Exception {
        HttpResponse<String> answer = askedOf(stream -> stream.session().breakConnection());

        assertThat(error(answer).path("code").asString()).isEqualTo("session-lost");
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
    }

    @ParameterizedTest
    @CsvSource({
        "upstream-timeout, 504",
        "restoration-unavailable, 502",
        "upstream-unavailable, 502",
        "internal, 500",
        "unheard-of, 599"
    })
    void requestWhenRefusedPerhapsAfterTheModelWasAskedThenTheProgramIsToldNotToRepeatIt(String code, int status)
            throws Exception {
        HttpResponse<String> answer = askedOf(stream -> stream.fail(code, status));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(error(answer).path("code").asString()).isEqualTo(code);
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
    }

    @ParameterizedTest
    @CsvSource({"redaction-unavailable, 503", "revocation-unavailable, 503", "overloaded, 429", "unknown-model, 404"})
    void requestWhenRefusedBeforeTheModelWasAskedThenTheProgramMayRepeatIt(String code, int status) throws Exception {
        HttpResponse<String> answer = askedOf(stream -> stream.fail(code, status));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
    }

    @Test
    void answerWhenCutOffThenItEndsWithAnErrorAndNotAsWhole() throws Exception {
        HttpResponse<String> answer = askedOf(
                stream -> {
                    stream.event("{\"n\":1}");
                    stream.session().breakConnection();
                },
                STREAMED);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("data: {\"n\":1}\n\ndata: {\"error\":")
                .doesNotContain("[DONE]");
        String last = answer.body().substring(answer.body().lastIndexOf("data: ") + "data: ".length());
        assertThat(new JsonMapper().readTree(last).path("error").path("code").asString())
                .isEqualTo("truncated");
    }

    @Test
    void answerWhenWholeThenItEndsAsSuch() throws Exception {
        HttpResponse<String> answer = askedOf(
                stream -> {
                    stream.event("{\"n\":1}");
                    stream.end();
                },
                STREAMED);

        assertThat(answer.body()).isEqualTo("data: {\"n\":1}\n\ndata: [DONE]\n\n");
    }

    @Test
    void requestWhenLabelledThenTheRelayIsTold() throws Exception {
        Consumer<TestStream> echo =
                stream -> stream.document("{\"told\":" + stream.request().path("sensitivity") + "}");

        assertThat(askedOf(echo, "{}", "Postern-Sensitivity", "restricted").body())
                .isEqualTo("{\"told\":\"restricted\"}");
        assertThat(askedOf(
                                stream -> stream.document(
                                        "{\"n\":" + stream.request().has("sensitivity") + "}"),
                                "{}")
                        .body())
                .isEqualTo("{\"n\":false}");
    }

    @Test
    void labelWhenUnknownOrTwiceThenRefused() throws Exception {
        for (String[] headers : new String[][] {
            {"Postern-Sensitivity", "Restricted"},
            {"Postern-Sensitivity", ""},
            {"Postern-Sensitivity", "public", "Postern-Sensitivity", "restricted"}
        }) {
            assertThat(status(to("/v1/chat/completions").headers(headers).POST(BodyPublishers.ofString("{}"))))
                    .isEqualTo(400);
        }
    }

    private HttpResponse<String> askedOf(Consumer<TestStream> model) throws Exception {
        return askedOf(model, "{}");
    }

    private HttpResponse<String> askedOf(Consumer<TestStream> model, String body, String... headers) throws Exception {
        try (TestGateway gateway = new TestGateway(Suite.X_WING);
                PosternClient there = PosternClient.builder(gateway.address(), Clock.systemUTC(), new SecureRandom())
                        .client("demo", "demo")
                        .anchors(List.of(gateway.anchor()))
                        .tls(gateway.clientTls())
                        .tokens(new FixedTokens())
                        .build();
                Sidecar other =
                        Sidecar.start(ListenAddress.parse("127.0.0.1:0", Reach.LOOPBACK), Reach.LOOPBACK, there)) {
            gateway.model(model);
            HttpRequest.Builder request = to(other, "/v1/chat/completions").POST(BodyPublishers.ofString(body));
            return http.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void requestWhenNotOneOfTheApiThenRefused() throws Exception {
        assertThat(status(to("/v1/files").GET())).isEqualTo(404);
        assertThat(status(to("/v1/chat/completions/x").POST(BodyPublishers.ofString("{}"))))
                .isEqualTo(404);
        assertThat(status(to("/v1/chat/completions").GET())).isEqualTo(405);
        assertThat(status(to("/v1/models").POST(BodyPublishers.ofString("{}")))).isEqualTo(405);
        assertThat(status(to("/v1/embeddings").POST(BodyPublishers.ofString("[]"))))
                .isEqualTo(400);
        assertThat(status(to("/v1/embeddings").POST(BodyPublishers.noBody()))).isEqualTo(400);
        assertThat(status(to("/v1/embeddings").POST(BodyPublishers.ofByteArray(new byte[(4 << 20) + 1]))))
                .isEqualTo(413);
    }

    @Test
    void pageWhenItAsksThenRefused() throws Exception {
        assertThat(status(to("/v1/models")
                        .header("Origin", "https://evil.example")
                        .GET()))
                .isEqualTo(403);
        assertThat(withHost("evil.example")).startsWith("HTTP/1.1 403");
        assertThat(withHost("localhost")).startsWith("HTTP/1.1 503");
    }

    private String withHost(String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), sidecar.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private HttpRequest.Builder to(String path) {
        return to(sidecar, path);
    }

    private static HttpRequest.Builder to(Sidecar which, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + which.address().getPort() + path));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static JsonNode error(HttpResponse<String> answer) {
        return new JsonMapper().readTree(answer.body()).path("error");
    }

    private static final class FixedTokens implements TokenSource {
        @Override
        public Token gateway() {
            return new Token(TestGateway.TOKEN, Instant.now().plusSeconds(600));
        }

        @Override
        public Token relay(ProofKey key) {
            return new Token(
                    "relay-token-for-" + key.thumbprint(), Instant.now().plusSeconds(600));
        }
    }

    private static final class NoTokens implements TokenSource {
        @Override
        public Token gateway() throws IOException {
            throw new IOException("away");
        }

        @Override
        public Token relay(ProofKey key) throws IOException {
            throw new IOException("away");
        }
    }
}

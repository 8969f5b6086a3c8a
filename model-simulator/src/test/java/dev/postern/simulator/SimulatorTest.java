package dev.postern.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.simulator.http.LoopbackServer;
import dev.postern.simulator.model.Simulator;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The simulator over the wire, as the relay and the demo use it.
class SimulatorTest {
    private final JsonMapper json = new JsonMapper();
    private LoopbackServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.start(0, new Simulator(MutableClock.atNoon(), Duration.ZERO));
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void chatWhenAskedThenEchoesWithUsage() throws Exception {
        JsonNode answer =
                json.readTree(post("/v1/chat/completions", chat("simulator-small", "hello PERSON_7K2Q9F", false))
                        .body());

        assertThat(answer.at("/model").asString()).isEqualTo("simulator-small");
        assertThat(answer.at("/choices/0/message/content").asString()).endsWith("hello PERSON_7K2Q9F");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
    }

    @Test
    void streamWhenAskedThenPiecesJoinToTheWholeAnswerAndEndWithDone() throws Exception {
        String stream = post("/v1/chat/completions", chat("simulator-large", "hello 👋 PERSON_7K2Q9F", true))
                .body();

        List<String> events = stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
        StringBuilder text = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            text.append(json.readTree(event).at("/choices/0/delta/content").asString(""));
        }
        assertThat(events).hasSizeGreaterThan(8).last().isEqualTo("[DONE]");
        assertThat(text).endsWith("hello 👋 PERSON_7K2Q9F");
    }

    @Test
    void streamWhenTheSlowModelAnswersThenTakesItsTime() throws Exception {
        long began = System.nanoTime();

        String stream =
                post("/v1/chat/completions", chat("simulator-slow", "hi", true)).body();

        long pieces = stream.lines().filter(line -> line.startsWith("data: {")).count();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(90 * pieces));
    }

    @Test
    void toolCallWhenToolOffered() throws Exception {
        String body = """
                {"model":"simulator-small","messages":[{"role":"user","content":"mail a@b.example"}],
                 "tools":[{"type":"function","function":{"name":"send","parameters":{"type":"object",
                 "properties":{"to":{"type":"string"},"copies":{"type":"integer"}}}}}]}""";

        JsonNode answer = json.readTree(post("/v1/chat/completions", body).body());

        JsonNode call = answer.at("/choices/0/message/tool_calls/0/function");
        assertThat(call.at("/name").asString()).isEqualTo("send");
        assertThat(json.readTree(call.at("/arguments").asString()).at("/to").asString())
                .isEqualTo("mail a@b.example");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
    }

    @Test
    void embeddingsWhenRepeatedThenEqualInBothEncodings() throws Exception {
        String floats = post("/v1/embeddings", """
                {"model":"simulator-embed","input":["one","two"]}""").body();
        String again = post("/v1/embeddings", """
                {"model":"simulator-embed","input":["one","two"]}""").body();
        JsonNode base64 = json.readTree(post("/v1/embeddings", """
                {"model":"simulator-embed","input":"one","encoding_format":"base64"}""").body());

        assertThat(floats).isEqualTo(again);
        assertThat(json.readTree(floats).at("/data")).hasSize(2);
        assertThat(base64.at("/data/0/embedding").asString()).hasSize(88);
    }

    @Test
    void refusalsWhenModelUnknownOrBodyBrokenThenOpenAiShape() throws Exception {
        HttpResponse<String> unknown = post("/v1/chat/completions", chat("gpt-none", "hi", false));
        HttpResponse<String> broken = post("/v1/chat/completions", "{\"model\":");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json.readTree(unknown.body()).at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(broken.statusCode()).isEqualTo(400);
    }

    @Test
    void seenWhenRequestsCameThenTheirBodiesUntilDeleted() throws Exception {
        post("/v1/chat/completions", chat("simulator-small", "remember me", false));

        assertThat(json.readTree(get("/_seen").body())
                        .at("/0/messages/0/content")
                        .asString())
                .isEqualTo("remember me");
        send(request("/_seen").DELETE());
        assertThat(json.readTree(get("/_seen").body())).isEmpty();
    }

    @Test
    void faultsWhenSetThenApplyToThatManyAnswers() throws Exception {
        post("/_faults", "{\"status\":503,\"remaining\":1}");

        assertThat(post("/v1/chat/completions", chat("simulator-small", "hi", false))
                        .statusCode())
                .isEqualTo(503);
        assertThat(post("/v1/chat/completions", chat("simulator-small", "hi", false))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void cutWhenAskedThenStreamEndsBroken() throws Exception {
        post("/_faults", "{\"cut_after\":3,\"remaining\":1}");

        assertThatThrownBy(() -> post("/v1/chat/completions", chat("simulator-small", "hi", true)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void trafficWhenClientLeavesDuringAPauseThenCountedAsAbandoned() throws Exception {
        post("/_faults", "{\"first_byte_delay_ms\":30000,\"remaining\":1}");
        try (HttpClient leaving = HttpClient.newHttpClient()) {
            var pending = leaving.sendAsync(
                    request("/v1/chat/completions")
                            .POST(HttpRequest.BodyPublishers.ofString(chat("simulator-small", "hi", false)))
                            .build(),
                    BodyHandlers.ofString());
            await("/started", 1);
            pending.cancel(true);
        }

        await("/abandoned", 1);
    }

    private void await(String counter, int value) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (json.readTree(get("/_traffic").body()).at(counter).asInt() < value) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static String chat(String model, String text, boolean stream) {
        return """
                {"model":"%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}""".formatted(model, stream, text);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}

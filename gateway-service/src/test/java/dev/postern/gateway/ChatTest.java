package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.platform.FakeStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a client gets when everything works.
class ChatTest extends GatewayFixture {

    @Test
    void chatWhenAnsweredThenDocumentAndClaimsOfCallerReachRelay() throws Exception {
        BlockingQueue<JsonNode> seen = new LinkedBlockingQueue<>();
        model(stream -> {
            seen.add(stream.request());
            stream.document("{\"id\":\"1\",\"choices\":[]}");
        });

        HttpResponse<String> response =
                send(chat(CHAT).header("Postern-Conversation", "case-7").header("Postern-Sensitivity", "internal"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(response).path("id").asString()).isEqualTo("1");
        JsonNode request = seen.take();
        assertThat(request.path("op").asString()).isEqualTo("/v1/chat/completions");
        assertThat(request.path("msg_id").asString())
                .hasSize(22)
                .isEqualTo(response.headers().firstValue("Postern-Request-Id").orElseThrow());
        assertThat(request.path("deadline_ms").asLong()).isEqualTo(3000);
        assertThat(request.path("conversation").asString()).isEqualTo("case-7");
        assertThat(request.path("sensitivity").asString()).isEqualTo("internal");
        assertThat(request.path("caller").path("client_id").asString()).isEqualTo("demo");
        assertThat(request.path("caller").path("tenant").asString()).isEqualTo("acme");
        assertThat(request.path("caller").path("scopes").path(0).asString()).isEqualTo("llm:invoke");
        assertThat(request.path("body").path("messages").path(0).path("content").asString())
                .isEqualTo("hello");
    }

    @Test
    void streamWhenRelayPausesThenEachEventArrivesBeforeTheNextIsSent() throws Exception {
        BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();
        model(streams::add);
        var pending = client.sendAsync(chat(STREAMED_CHAT).build(), BodyHandlers.ofInputStream());
        FakeStream stream = Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS));
        stream.event("{\"n\":1}");
        HttpResponse<java.io.InputStream> response = pending.get(10, TimeUnit.SECONDS);

        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader lines = reader(response)) {
            assertThat(lines.readLine()).isEqualTo("data: {\"n\":1}");
            assertThat(lines.readLine()).isEmpty();
            stream.event("{\"n\":\n2}");
            assertThat(lines.readLine()).isEqualTo("data: {\"n\": 2}");
            assertThat(lines.readLine()).isEmpty();
            stream.end();
            assertThat(lines.readLine()).isEqualTo("data: [DONE]");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void streamWhenEventIsLongerThanFrameThenItArrivesWhole() throws Exception {
        String text = "x".repeat(40_000);
        model(stream -> {
            stream.event("{\"text\":\"" + text + "\"}");
            stream.end();
        });

        HttpResponse<String> response = send(chat(STREAMED_CHAT));

        assertThat(response.body().equals("data: {\"text\":\"" + text + "\"}\n\ndata: [DONE]\n\n"))
                .isTrue();
    }

    @Test
    void documentWhenLongerThanFrameThenItArrivesWhole() throws Exception {
        String text = "y".repeat(100_000);
        model(stream -> stream.document("{\"text\":\"" + text + "\"}"));

        assertThat(json(send(chat(CHAT))).path("text").asString().equals(text)).isTrue();
    }

    @Test
    void requestWhenLongerThanFrameThenRelayGetsItWhole() throws Exception {
        model(stream -> stream.document("{\"length\":"
                + stream.request().path("body").path("prompt").asString().length() + "}"));

        HttpResponse<String> response = send(authorized("/v1/completions")
                .POST(BodyPublishers.ofString("{\"model\":\"m\",\"prompt\":\"" + "ä".repeat(25_000) + "\"}")));

        assertThat(json(response).path("length").asInt()).isEqualTo(25_000);
    }

    @Test
    void embeddingsAndModelsWhenAskedThenTheirOperationReachesRelay() throws Exception {
        Queue<String> operations = new ConcurrentLinkedQueue<>();
        model(stream -> {
            operations.add(stream.request().path("op").asString());
            stream.document("{\"object\":\"list\",\"data\":[{\"id\":\"org/a\"},{\"id\":\"b\"}]}");
        });

        assertThat(send(authorized("/v1/embeddings")
                                .POST(BodyPublishers.ofString("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(send(authorized("/v1/models").GET())).path("data").size())
                .isEqualTo(2);
        assertThat(json(send(authorized("/v1/models/org/a").GET())).path("id").asString())
                .isEqualTo("org/a");
        HttpResponse<String> unknown = send(authorized("/v1/models/c").GET());
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).path("error").path("code").asString()).isEqualTo("model_not_found");
        assertThat(operations).containsExactly("/v1/embeddings", "/v1/models", "/v1/models", "/v1/models");
    }

    @Test
    void requestsWhenParallelThenTheyShareOneSessionAndKeepTheirAnswers() {
        Set<Object> sessions = ConcurrentHashMap.newKeySet();
        model(stream -> {
            sessions.add(stream.session());
            stream.document("{\"echo\":" + stream.request().path("body").path("n") + "}");
        });

        CompletableFuture<?>[] all = IntStream.range(0, 200)
                .mapToObj(n -> client.sendAsync(
                                chat("{\"model\":\"m\",\"n\":" + n + "}").build(), BodyHandlers.ofString())
                        .thenAccept(response -> assertThat(response.body()).isEqualTo("{\"echo\":" + n + "}")))
                .toArray(CompletableFuture[]::new);

        assertThat(CompletableFuture.allOf(all)).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(sessions).hasSizeLessThanOrEqualTo(2);
    }

    private static BufferedReader reader(HttpResponse<java.io.InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }
}

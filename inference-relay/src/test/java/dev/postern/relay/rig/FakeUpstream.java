package dev.postern.relay.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small OpenAI-compatible server; the model's name says how it behaves.
public final class FakeUpstream implements AutoCloseable {
    public static final List<String> MODELS = List.of(
            "echo", "slow", "silent", "broken", "truncated", "busy", "endless", "grumbling", "patient", "wordy");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> listed = new CopyOnWriteArrayList<>(MODELS);
    private volatile @Nullable String pretended;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong endlessEvents = new AtomicLong();
    private final CompletableFuture<Void> endlessClosed = new CompletableFuture<>();

    public FakeUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/models", this::models);
        server.createContext("/v1/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /// The bodies of all model requests.
    public List<String> seen() {
        return seen;
    }

    /// The `Authorization` headers of all requests, those for the list of models too.
    public List<String> authorizations() {
        return authorizations;
    }

    /// Behaves as for `model` from now on, whatever a request asks for, or with a status; null ends that.
    public void pretend(@Nullable String model) {
        pretended = model;
    }

    /// One more model in its list.
    public void listsAlso(String model) {
        listed.add(model);
    }

    /// Lets `patient` streams come to their ends.
    public void goOn() {
        goOn.countDown();
    }

    /// Events written to all `endless` and `wordy` streams.
    public long endlessEvents() {
        return endlessEvents.get();
    }

    /// Completes when the client closed an `endless` stream.
    public CompletableFuture<Void> endlessClosed() {
        return endlessClosed;
    }

    private void models(HttpExchange exchange) throws IOException {
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        StringBuilder list = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (String model : listed) {
            list.append(list.charAt(list.length() - 1) == '[' ? "" : ",")
                    .append("{\"id\":")
                    .append(JSON.writeValueAsString(model))
                    .append(",\"object\":\"model\"}");
        }
        send(exchange, 200, list.append("]}").toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        seen.add(body);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        JsonNode request = JSON.readTree(body);
        String behaviour = pretended;
        switch (behaviour == null ? request.path("model").asString() : behaviour) {
            case "echo" -> echo(exchange, request);
            case "slow" -> hang();
            case "broken" -> send(exchange, 500, "{\"error\":{\"message\":\"CANARY\"}}");
            case "busy" -> send(exchange, 429, "{\"error\":{\"message\":\"CANARY\"}}");
            case "429", "502", "503", "504" ->
                send(exchange, Integer.parseInt(String.valueOf(behaviour)), "{\"error\":{\"message\":\"CANARY\"}}");
            case "truncated" -> {
                try (OutputStream out = begin(exchange)) {
                    event(out, "half an ");
                    // It breaks off when that has been passed on, which takes a while on a busy machine.
                    await(closing, Duration.ofMillis(300));
                }
            }
            case "grumbling" -> {
                try (OutputStream out = begin(exchange)) {
                    event(out, "half an ");
                    out.write("data: {\"error\":{\"message\":\"CANARY\"}}\n\n".getBytes(UTF_8));
                }
            }
            case "silent" -> {
                OutputStream out = begin(exchange);
                event(out, "half an ");
                hang();
            }
            case "endless" -> endless(exchange, 200);
            case "wordy" -> endless(exchange, 20_000);
            case "patient" -> {
                try (OutputStream out = begin(exchange)) {
                    do {
                        event(out, "half an ");
                    } while (!await(goOn, Duration.ofMillis(50)));
                    event(out, "and a whole");
                    out.write("data: [DONE]\n\n".getBytes(UTF_8));
                }
            }
            default -> send(exchange, 404, "{\"error\":{\"message\":\"CANARY\"}}");
        }
    }

    private static void echo(HttpExchange exchange, JsonNode request) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/embeddings")) {
            send(
                    exchange,
                    200,
                    "{\"object\":\"list\",\"data\":[{\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":4}}");
            return;
        }
        String text = request.path("messages").path(0).path("content").asString();
        if (!request.path("stream").asBoolean(false)) {
            send(
                    exchange,
                    200,
                    "{\"choices\":[{\"message\":{\"content\":" + JSON.writeValueAsString(text)
                            + "}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}");
            return;
        }
        try (OutputStream out = begin(exchange)) {
            for (String word : text.split("(?<= )", -1)) {
                event(out, word);
            }
            out.write("data: [DONE]\n\n".getBytes(UTF_8));
        }
    }

    private void endless(HttpExchange exchange, int words) throws IOException {
        try {
            OutputStream out = begin(exchange);
            while (true) {
                event(out, "more ".repeat(words));
                endlessEvents.incrementAndGet();
            }
        } catch (IOException e) {
            endlessClosed.complete(null);
            throw e;
        }
    }

    private void hang() throws IOException {
        await(closing, Duration.ofDays(1));
    }

    private static boolean await(CountDownLatch latch, Duration time) throws IOException {
        try {
            return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static OutputStream begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void event(OutputStream out, String text) throws IOException {
        out.write(("data: {\"choices\":[{\"delta\":{\"content\":" + JSON.writeValueAsString(text) + "}}]}\n\n")
                .getBytes(UTF_8));
        out.flush();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        goOn.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.postern.audit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A receiver that deduplicates by (source, id) and fails on demand. All state is guarded by its monitor.
final class FakeAuditService implements AutoCloseable {

    enum Fault {
        LOSE_ACKNOWLEDGEMENT,
        STATUS_503,
        DROP_CONNECTION,
        TOO_LARGE,
        ACKNOWLEDGE_FIRST_ONLY,
        RUBBISH
    }

    private final HttpServer server;
    private final Map<String, EventEnvelope> received = new LinkedHashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> heartbeats = new ArrayList<>();
    private int redeliveries;

    private FakeAuditService(HttpServer server) {
        this.server = server;
    }

    static FakeAuditService start() throws IOException {
        FakeAuditService service =
                new FakeAuditService(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        service.server.createContext("/v1/events", service::handle);
        service.server.createContext("/v1/heartbeats", service::heartbeat);
        service.server.start();
        return service;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized void failNext(Fault... next) {
        faults.addAll(Arrays.asList(next));
    }

    synchronized int redeliveries() {
        return redeliveries;
    }

    synchronized List<EventEnvelope> received() {
        return new ArrayList<>(received.values());
    }

    synchronized List<EventEnvelope> await(int count) throws InterruptedException {
        while (received.size() < count) {
            wait();
        }
        return new ArrayList<>(received.values());
    }

    /// The first heartbeat with this part.
    synchronized String awaitHeartbeat(String part) throws InterruptedException {
        while (true) {
            for (String heartbeat : heartbeats) {
                if (heartbeat.contains(part)) {
                    return heartbeat;
                }
            }
            wait();
        }
    }

    private void heartbeat(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            synchronized (this) {
                heartbeats.add(body);
                notifyAll();
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<EventEnvelope> batch =
                    EnvelopeParser.parseBatch(exchange.getRequestBody().readAllBytes());
            Fault fault = nextFault();
            switch (fault) {
                case STATUS_503 -> answer(exchange, 503, "");
                case DROP_CONNECTION -> throw new IOException("dropped");
                case TOO_LARGE -> answer(exchange, 413, "");
                case RUBBISH -> answer(exchange, 200, "<html>");
                case LOSE_ACKNOWLEDGEMENT -> {
                    keep(batch);
                    throw new IOException("dropped");
                }
                case ACKNOWLEDGE_FIRST_ONLY -> {
                    keep(batch.subList(0, 1));
                    answer(exchange, 200, acks(batch.subList(0, 1)));
                }
                case null -> {
                    keep(batch);
                    answer(exchange, 200, acks(batch));
                }
            }
        } catch (MalformedEnvelope e) {
            throw new IOException(e);
        }
    }

    private synchronized @Nullable Fault nextFault() {
        return faults.poll();
    }

    private synchronized void keep(List<EventEnvelope> batch) {
        for (EventEnvelope event : batch) {
            if (received.putIfAbsent(event.source() + " " + event.id(), event) != null) {
                redeliveries++;
            }
        }
        notifyAll();
    }

    private static String acks(List<EventEnvelope> batch) {
        return batch.stream()
                .map(event -> "{\"source\":\"%s\",\"id\":\"%s\",\"shard\":\"s\",\"index\":0}"
                        .formatted(event.source(), event.id()))
                .collect(Collectors.joining(",", "{\"acks\":[", "]}"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.postern.audit.sink;

import dev.postern.audit.spool.StoredEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// One `POST /v1/events`, or `/v1/heartbeats`, per call.
final class AuditEndpoint {

    static final String BATCH = "application/cloudevents-batch+json";

    private static final System.Logger LOG = System.getLogger(AuditEndpoint.class.getName());
    private static final int OK = 200;
    private static final int CONTENT_TOO_LARGE = 413;

    private final ObjectMapper json = JsonMapper.shared();
    private final HttpClient client;
    private final SinkSettings settings;
    private final URI events;
    private final URI heartbeats;

    AuditEndpoint(SinkSettings settings, HttpClient client) {
        this.settings = settings;
        this.events = settings.endpoint().resolve("/v1/events");
        this.heartbeats = settings.endpoint().resolve("/v1/heartbeats");
        this.client = client;
    }

    Delivery send(List<StoredEntry> batch) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(events)
                .timeout(settings.timeout())
                .header("Content-Type", BATCH)
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(array(batch)))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return switch (response.statusCode()) {
                case OK -> new Delivery.Answered(acknowledged(response.body()));
                case CONTENT_TOO_LARGE -> new Delivery.TooLarge();
                default -> new Delivery.Failed("status " + response.statusCode());
            };
        } catch (IOException | JacksonException e) {
            return new Delivery.Failed(e.getClass().getSimpleName());
        }
    }

    /// Says that the producer lives and has nothing to send. Whether that arrives is the audit-service's to notice.
    ///
    /// @param last number of the last event, which was acknowledged; 0 before the first
    void heartbeat(String spool, long last) throws InterruptedException {
        String body = json.createObjectNode()
                .put("source", settings.source().toString())
                .put("spool", spool)
                .put("last", last)
                .toString();
        HttpRequest request = HttpRequest.newBuilder(heartbeats)
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            var _ = client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a heartbeat did not arrive", e);
        }
    }

    /// The entries are JSON already; an array of them is a CloudEvents batch.
    private static byte[] array(List<StoredEntry> batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (StoredEntry entry : batch) {
            out.write(out.size() == 0 ? '[' : ',');
            out.writeBytes(entry.payload());
        }
        out.write(']');
        return out.toByteArray();
    }

    private Set<String> acknowledged(byte[] body) {
        Set<String> ids = new HashSet<>();
        for (JsonNode ack : json.readTree(body).path("acks")) {
            ids.add(ack.path("id").asString(""));
        }
        return ids;
    }

    void close() {
        client.shutdownNow();
    }
}

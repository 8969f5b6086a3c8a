package dev.postern.simulator.model;

import dev.postern.simulator.http.Handler;
import dev.postern.simulator.http.Reply;
import dev.postern.simulator.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The API of the stand-in, and its control end points `/_seen`, `/_faults` and `/_traffic`.
///
/// Everything a model would be sent is kept (bounded) and handed out to whoever asks: never point real users at it.
public final class Simulator implements Handler {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

    private final JsonMapper json = new JsonMapper();
    private final Clock clock;
    private final SeenRequests seen = new SeenRequests();
    private final FaultSwitch faults;
    private final Traffic traffic = new Traffic();
    private final AtomicLong answers = new AtomicLong();

    /// `pieceDelay` is the usual wait before each streamed piece.
    public Simulator(Clock clock, Duration pieceDelay) {
        this.clock = clock;
        this.faults = new FaultSwitch(pieceDelay);
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        try {
            switch (request.route()) {
                case "GET /v1/models" -> reply.json(200, bytes(ModelCatalog.list(json, created())));
                case "POST /v1/chat/completions", "POST /v1/completions", "POST /v1/embeddings" ->
                    answer(request, reply);
                case "GET /_seen" -> reply.json(200, bytes(seen.list(json)));
                case "DELETE /_seen" -> {
                    seen.clear();
                    reply.json(200, EMPTY);
                }
                case "GET /_traffic" -> reply.json(200, traffic.document(json));
                case "POST /_faults" -> {
                    faults.set(Faults.parse(parse(request)));
                    reply.json(200, EMPTY);
                }
                case "DELETE /_faults" -> {
                    faults.reset();
                    reply.json(200, EMPTY);
                }
                default -> throw ApiError.notFound();
            }
        } catch (ApiError e) {
            reply.json(e.status(), e.document(json));
        }
    }

    private void answer(Request request, Reply reply) throws ApiError, IOException {
        JsonNode body = parse(request);
        seen.add(body, request.body().length);
        traffic.started.increment();
        Faults fault = faults.take();
        try {
            reply.pause(fault.firstByteDelay());
            if (fault.status() != 0) {
                throw ApiError.onDemand(fault.status());
            }
            if (request.path().equals("/v1/embeddings")) {
                send(Embeddings.answer(body, json), fault, reply);
            } else {
                send(shape(request.path(), body), fault, reply);
            }
            traffic.completed.increment();
        } catch (IOException e) {
            // a pause saw the other side close, or a write failed: either way nobody is listening any more
            traffic.abandoned.increment();
            throw e;
        }
    }

    private AnswerShape shape(String path, JsonNode body) throws ApiError {
        String id = Long.toString(answers.incrementAndGet(), Character.MAX_RADIX);
        return path.equals("/v1/completions")
                ? new CompletionShape(json, id, created(), Prompt.completion(body))
                : new ChatShape(json, id, created(), Prompt.chat(body));
    }

    private void send(AnswerShape shape, Faults fault, Reply reply) throws IOException {
        Prompt prompt = switch (shape) {
            case ChatShape chat -> chat.prompt();
            case CompletionShape completion -> completion.prompt();
        };
        if (!prompt.stream()) {
            send(shape.whole(), fault, reply);
            return;
        }
        Duration pace = ModelCatalog.pace(prompt.model());
        int sent = 0;
        for (Iterator<ObjectNode> events = shape.events().iterator(); events.hasNext(); ) {
            if (sent++ == fault.cutAfter()) {
                reply.cut();
                return;
            }
            reply.pause(fault.pieceDelay().plus(pace));
            reply.event(bytes(events.next()));
        }
        reply.event(DONE);
        reply.endEvents();
    }

    private void send(JsonNode document, Faults fault, Reply reply) throws IOException {
        if (fault.cutAfter() >= 0) {
            reply.cut();
        } else {
            reply.json(200, bytes(document));
        }
    }

    private JsonNode parse(Request request) throws ApiError {
        try {
            JsonNode body = json.readTree(request.body());
            if (!body.isObject()) {
                throw ApiError.badRequest("The body must be a JSON object.");
            }
            return body;
        } catch (JacksonException _) {
            throw ApiError.badRequest("The body is not JSON.");
        }
    }

    private byte[] bytes(JsonNode node) {
        return json.writeValueAsBytes(node);
    }

    private long created() {
        return clock.instant().getEpochSecond();
    }
}

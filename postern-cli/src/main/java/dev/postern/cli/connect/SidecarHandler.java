package dev.postern.cli.connect;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.postern.client.Answer;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import dev.postern.client.Sensitivity;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One request of a local program: checked, asked through the sealed session, answered as OpenAI would. Blocks, on a
/// virtual thread of its own. A program that goes away before an answer that is not streamed is not noticed.
final class SidecarHandler implements HttpHandler {
    private static final String SENSITIVITY = "Postern-Sensitivity";
    private static final List<String> QUESTIONS = List.of(Request.CHAT, Request.COMPLETIONS, Request.EMBEDDINGS);

    /// Refusals with a 5xx that a relay gives before it asks the model, and only then.
    private static final Set<String> BEFORE_THE_MODEL = Set.of("redaction-unavailable", "revocation-unavailable");

    private final PosternClient client;
    private final BrowserRule rule;
    private final int maxBody;

    SidecarHandler(PosternClient client, BrowserRule rule, int maxBody) {
        this.client = client;
        this.rule = rule;
        this.maxBody = maxBody;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<OpenAiError> refusal = refusal(exchange);
            if (refusal.isPresent()) {
                fail(exchange, refusal.get());
                return;
            }
            serve(exchange);
        }
    }

    private Optional<OpenAiError> refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        if (!rule.allows(headers.getOrDefault("Host", List.of()), headers.getOrDefault("Origin", List.of()))) {
            return Optional.of(OpenAiError.NOT_LOCAL);
        }
        String path = exchange.getRequestURI().getPath();
        boolean question = QUESTIONS.contains(path);
        if (!question && !Request.MODELS.equals(path)) {
            return Optional.of(OpenAiError.NOT_FOUND);
        }
        boolean allowed = exchange.getRequestMethod().equals(question ? "POST" : "GET");
        return allowed ? Optional.empty() : Optional.of(OpenAiError.NOT_ALLOWED);
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            fail(exchange, OpenAiError.TOO_LARGE);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        boolean listing = Request.MODELS.equals(path);
        List<String> labels = exchange.getRequestHeaders().getOrDefault(SENSITIVITY, List.of());
        Optional<Sensitivity> label = labels.size() == 1 ? Sensitivity.ofWireName(labels.getFirst()) : Optional.empty();
        if (!labels.isEmpty() && label.isEmpty()) {
            fail(exchange, OpenAiError.BAD_LABEL);
            return;
        }
        Request request;
        try {
            Request asked = listing ? Request.of(path, new byte[0]).idempotent() : question(path, body);
            request = label.map(asked::labelled).orElse(asked);
        } catch (IllegalArgumentException _) {
            fail(exchange, OpenAiError.MALFORMED);
            return;
        }
        try (AnswerStream answer = client.stream(request)) {
            Optional<Answer> first = answer.next();
            if (request.isStreamed()) {
                stream(exchange, first, answer);
            } else if (first.isPresent()) {
                respond(exchange, 200, first.get().octets());
            } else {
                fail(exchange, OpenAiError.INTERNAL);
            }
        } catch (PosternFailure failure) {
            if (mayHaveTakenEffect(failure)) {
                // OpenAI's clients repeat a 409 or 5xx by themselves, as a new request.
                exchange.getResponseHeaders().set("x-should-retry", "false");
            }
            fail(exchange, OpenAiError.of(failure));
        } catch (IllegalStateException _) {
            fail(exchange, OpenAiError.STOPPING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            fail(exchange, OpenAiError.STOPPING);
        }
    }

    private static boolean mayHaveTakenEffect(PosternFailure failure) {
        return switch (failure) {
            case PosternFailure.SessionLost _,
                    PosternFailure.EffectUnknown _,
                    PosternFailure.Truncated _,
                    PosternFailure.TimedOut _,
                    PosternFailure.ReadTooSlowly _ -> true;
            case PosternFailure.Refused refused ->
                refused.status() >= 500 && !BEFORE_THE_MODEL.contains(refused.code());
            case PosternFailure.Forbidden _,
                    PosternFailure.Reauthenticate _,
                    PosternFailure.Unavailable _,
                    PosternFailure.KeyConfigRejected _,
                    PosternFailure.HandshakeRejected _ -> false;
        };
    }

    private static Request question(String path, byte[] body) {
        if (body.length == 0) {
            throw new IllegalArgumentException("a question has a body");
        }
        Request request = Request.of(path, body);
        return Request.EMBEDDINGS.equals(path) ? request.idempotent() : request;
    }

    /// The status goes out with the first event, so that a refusal before it has its own. A program that goes away is
    /// noticed at the next event, and the request is then cancelled by closing its answer.
    private static void stream(HttpExchange exchange, Optional<Answer> first, AnswerStream answer)
            throws IOException, InterruptedException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/event-stream");
        headers.set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        EventWriter events = new EventWriter(out);
        try {
            Optional<Answer> event = first;
            while (event.isPresent()) {
                events.event(event.get().octets());
                event = answer.next();
            }
            events.done();
        } catch (PosternFailure failure) {
            // Without [DONE] no client takes the answer for whole.
            events.event(OpenAiError.of(failure).toJson());
        }
    }

    private static void fail(HttpExchange exchange, OpenAiError error) throws IOException {
        if (exchange.getResponseCode() < 0) {
            exchange.getResponseHeaders().set("Connection", "close");
            respond(exchange, error.status(), error.toJson());
        }
    }

    private static void respond(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }
}

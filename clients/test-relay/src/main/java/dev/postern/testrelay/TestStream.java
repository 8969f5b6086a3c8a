package dev.postern.testrelay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.SealedSession;
import dev.postern.session.StreamProblem;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/// One request that reached the relay, and the means to answer it, from any thread.
public final class TestStream {
    private final TestSession session;
    private final SealedSession sealed;
    private final int number;
    private final JsonNode request;
    private final CompletableFuture<String> cancelled = new CompletableFuture<>();

    TestStream(TestSession session, SealedSession sealed, int number, JsonNode request) {
        this.session = session;
        this.sealed = sealed;
        this.number = number;
        this.request = request;
    }

    public JsonNode request() {
        return request;
    }

    public TestSession session() {
        return session;
    }

    public void document(String json) {
        session.send(() -> sealed.seal(number, json.getBytes(UTF_8), ContentType.JSON, Chunk.LAST));
    }

    public void event(String json) {
        session.send(() -> sealed.seal(number, json.getBytes(UTF_8), ContentType.JSON, Chunk.MORE));
    }

    public void end() {
        session.send(() -> sealed.seal(number, new byte[0], ContentType.JSON, Chunk.LAST));
    }

    public void fail(String code, int status) {
        session.send(() -> sealed.sealError(number, new StreamProblem(code, status, "Refused by the test.")));
    }

    /// Completes with the code when the client cancelled it.
    public CompletableFuture<String> cancelled() {
        return cancelled;
    }
}

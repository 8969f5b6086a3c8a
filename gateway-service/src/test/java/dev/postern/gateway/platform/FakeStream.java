package dev.postern.gateway.platform;

import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.SealedSession;
import dev.postern.session.StreamProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// One request that reached the relay, and the means to answer it, from any thread.
public final class FakeStream {
    private final FakeSession session;
    private final SealedSession sealed;
    private final int number;
    private final JsonNode request;
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    FakeStream(FakeSession session, SealedSession sealed, int number, JsonNode request) {
        this.session = session;
        this.sealed = sealed;
        this.number = number;
        this.request = request;
    }

    public JsonNode request() {
        return request;
    }

    public void document(String json) {
        seal(() -> sealed.seal(number, bytes(json), ContentType.JSON, Chunk.LAST));
    }

    public void event(String json) {
        seal(() -> sealed.seal(number, bytes(json), ContentType.JSON, Chunk.MORE));
    }

    public void end() {
        seal(() -> sealed.seal(number, new byte[0], ContentType.JSON, Chunk.LAST));
    }

    /// Sends events without end, each when the connection has taken the one before.
    ///
    /// @param sent counts them, and is the number that each is made from
    public void flood(LongFunction<String> event, AtomicLong sent) {
        session.flood(
                () -> sealed.seal(number, bytes(event.apply(sent.get())), ContentType.JSON, Chunk.MORE),
                sent::incrementAndGet);
    }

    public void fail(String code, int status) {
        fail(new StreamProblem(code, status, "Refused by the test."));
    }

    public void fail(StreamProblem problem) {
        seal(() -> sealed.sealError(number, problem));
    }

    /// Sends an event twice on the wire, as an attacker between would.
    public void replayedEvent(String json) {
        seal(() -> {
            List<byte[]> frames = sealed.seal(number, bytes(json), ContentType.JSON, Chunk.MORE);
            return List.of(frames.getFirst(), frames.getFirst());
        });
    }

    /// Completes when the gateway has cancelled the request.
    public CompletableFuture<Void> cancelled() {
        return cancelled;
    }

    /// Breaks the connection that carries it.
    public void breakConnection() {
        session.breakConnection();
    }

    public Object session() {
        return session;
    }

    private void seal(Supplier<List<byte[]>> frames) {
        session.send(frames);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}

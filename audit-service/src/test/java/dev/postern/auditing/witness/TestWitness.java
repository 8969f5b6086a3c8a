package dev.postern.auditing.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.auditing.TestSigner;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.witness.Witness;
import dev.postern.tlog.witness.WitnessAnswer;
import dev.postern.tlog.witness.WitnessState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A witness on loopback that knows the keys in a directory, and can be told to answer something else.
public final class TestWitness implements AutoCloseable {
    private final HttpServer server;
    private final CosignatureVerifier key;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<WitnessAnswer> instead = Optional.empty();
    private final Queue<WitnessAnswer> first = new ConcurrentLinkedQueue<>();

    private TestWitness(HttpServer server, CosignatureVerifier key) {
        this.server = server;
        this.key = key;
    }

    public static TestWitness start(Path state, Path keys, Clock clock) throws Exception {
        TestSigner signer = new TestSigner();
        CosignatureVerifier key = CosignatureVerifier.of("witness.example.com/w1", signer.publicKey());
        Witness witness = new Witness(
                origin -> keys(keys, origin),
                new WitnessState(new LogDirectory(state)),
                new CosignatureSigner(key, signer::sign),
                clock);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TestWitness started = new TestWitness(server, key);
        server.createContext("/add-checkpoint", exchange -> started.answer(exchange, witness));
        server.start();
        return started;
    }

    private static List<NoteVerifier> keys(Path directory, String origin) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(TestWitness::read)
                    .flatMap(text -> NoteVerifier.parse(text.strip()).stream())
                    .filter(key -> key.name().equals(origin))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, Witness witness) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        WitnessAnswer own = witness.add(body);
        asked.incrementAndGet();
        switch (Optional.ofNullable(first.poll()).or(() -> instead).orElse(own)) {
            case WitnessAnswer.Cosigned cosigned -> send(exchange, 200, cosigned.lines());
            case WitnessAnswer.Conflict conflict -> send(exchange, 409, conflict.size() + "\n");
            case WitnessAnswer.Malformed _ -> send(exchange, 400, "");
            case WitnessAnswer.UnknownLog _ -> send(exchange, 404, "");
            case WitnessAnswer.NotSigned _ -> send(exchange, 403, "");
            case WitnessAnswer.Inconsistent _ -> send(exchange, 422, "");
        }
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    void answerInstead(WitnessAnswer answer) {
        instead = Optional.of(answer);
    }

    /// One after the other, and then as before.
    void answerFirst(WitnessAnswer... answers) {
        first.addAll(List.of(answers));
    }

    void answerItself() {
        instead = Optional.empty();
    }

    int asked() {
        return asked.get();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public CosignatureVerifier key() {
        return key;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

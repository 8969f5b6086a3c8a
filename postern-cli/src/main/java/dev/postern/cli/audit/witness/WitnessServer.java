package dev.postern.cli.audit.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.witness.AddCheckpoint;
import dev.postern.tlog.witness.LogKeys;
import dev.postern.tlog.witness.Witness;
import dev.postern.tlog.witness.WitnessAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// A witness over HTTP: `POST /add-checkpoint` (C2SP tlog-witness) and nothing else.
///
/// Plain HTTP suffices for what it says: requests are authentic by the log's signature, answers by the cosignature. It
/// hides nothing, and nothing in it is secret. Failure direction: closed, 503 without a cosignature.
public final class WitnessServer implements AutoCloseable {
    static final String SIZE_TYPE = "text/x.tlog.size";

    private static final String PATH = "/add-checkpoint";
    private static final int MOST_AT_ONCE = 64;
    private static final int NOW = 0;

    private final WitnessHome home;
    private final Witness witness;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Progress progress;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    private WitnessServer(WitnessHome home, Witness witness, HttpServer server, Progress progress) {
        this.home = home;
        this.witness = witness;
        this.server = server;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.progress = progress;
    }

    /// Begins to serve.
    ///
    /// @param name of the witness, as in its verifier key
    /// @param directory of its key and its records; made when it is missing
    /// @throws Failure when nobody can listen there, or the directory cannot be used
    public static WitnessServer start(
            InetSocketAddress address,
            Path directory,
            String name,
            LogKeys logs,
            Clock clock,
            SecureRandom random,
            Progress progress) {
        WitnessHome home = WitnessHome.open(directory, name, random);
        try {
            HttpServer server = HttpServer.create(address, 0);
            WitnessServer witness =
                    new WitnessServer(home, new Witness(logs, home.state(), home.signer(), clock), server, progress);
            server.setExecutor(witness.threads);
            server.createContext("/", witness::answer);
            server.start();
            return witness;
        } catch (IOException e) {
            home.close();
            throw new Failure("Nobody can listen on " + address + ".", e);
        }
    }

    /// What clients verify its cosignatures with.
    public CosignatureVerifier key() {
        return home.signer().verifier();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                send(exchange, 404, "");
            } else if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                send(exchange, 405, "");
            } else if (!places.tryAcquire()) {
                send(exchange, 503, "");
            } else {
                try {
                    add(exchange);
                } finally {
                    places.release();
                }
            }
        }
    }

    private void add(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(AddCheckpoint.MAX_BYTES + 1);
        if (body.length > AddCheckpoint.MAX_BYTES) {
            send(exchange, 413, "");
            return;
        }
        WitnessAnswer answer;
        try {
            answer = witness.add(body);
        } catch (IOException | UncheckedIOException | Failure e) {
            progress.say("No cosignature: " + e.getMessage());
            send(exchange, 503, "");
            return;
        }
        switch (answer) {
            case WitnessAnswer.Cosigned cosigned -> send(exchange, 200, cosigned.lines());
            case WitnessAnswer.Conflict conflict -> {
                exchange.getResponseHeaders().set("Content-Type", SIZE_TYPE);
                send(exchange, 409, conflict.size() + "\n");
            }
            case WitnessAnswer.Malformed _ -> send(exchange, 400, "");
            case WitnessAnswer.UnknownLog _ -> send(exchange, 404, "");
            case WitnessAnswer.NotSigned _ -> send(exchange, 403, "");
            case WitnessAnswer.Inconsistent _ -> {
                progress.say("A log sent a checkpoint, signed by its key, that does not continue the one before.");
                send(exchange, 422, "");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(NOW);
        threads.shutdownNow();
        home.close();
    }
}

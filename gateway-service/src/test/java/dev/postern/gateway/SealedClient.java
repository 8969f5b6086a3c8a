package dev.postern.gateway;

import dev.postern.gateway.platform.Platform;
import dev.postern.session.Chunk;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.ContentType;
import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigVerifier;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An application that seals for itself, with the production library at its end. For one thread.
final class SealedClient implements AutoCloseable {
    private final Platform platform;
    private final ProofKey proofKey;
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private volatile boolean reading = true;
    private @Nullable WebSocket socket;
    private @Nullable SealedSession session;

    SealedClient(Platform platform) throws Exception {
        this.platform = platform;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.proofKey = new ProofKey(generator.generateKeyPair());
    }

    /// Connects, with whatever the upgrade is to carry.
    void connect(HttpClient http, URI address, String authorization, String... protocols) throws Exception {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        socket = builder.subprotocols("ssp1", protocols)
                .buildAsync(address, new Listener())
                .get(10, TimeUnit.SECONDS);
    }

    /// The subprotocol that the server chose.
    String protocol() {
        return Objects.requireNonNull(socket).getSubprotocol();
    }

    /// Verifies what the gateway handed on of a relay, and prepares OPEN to it.
    Offer offer(JsonNode relay) throws Exception {
        Clock clock = Clock.systemUTC();
        KeyConfig config = new KeyConfigVerifier(
                        List.of(platform.anchor()), platform.relayId(), "urn:postern:relay", clock)
                .verify(relay.path("key_config").asString());
        OpenParameters parameters = new OpenParameters(
                "acme", "demo", List.of(), 8, platform.tokens().forSession(proofKey.thumbprint()));
        ClientHandshake handshake = ClientHandshake.start(
                new ClientOffer(
                        config,
                        ClientOffer.DEFAULT_SUITES,
                        relay.path("challenge").asString(),
                        parameters,
                        proofKey),
                clock,
                new SecureRandom());
        return new Offer(config.keys().getFirst().id().toString(), handshake);
    }

    record Offer(String keyId, ClientHandshake handshake) {}

    void open(Offer offer) throws Exception {
        send(offer.handshake().message());
        session = offer.handshake().accept(next()).session();
    }

    void send(byte[] message) throws Exception {
        sendPart(message, true);
    }

    /// A part of a message, or the last of it.
    void sendPart(byte[] part, boolean last) throws Exception {
        Objects.requireNonNull(socket).sendBinary(ByteBuffer.wrap(part), last).get(10, TimeUnit.SECONDS);
    }

    /// Sends a message again and again on another thread, each time when the one before has left, while `more` says
    /// so. Nothing else may be sent meanwhile.
    Thread pour(byte[] message, BooleanSupplier more, AtomicLong sent) {
        WebSocket open = Objects.requireNonNull(socket);
        return Thread.ofVirtual().start(() -> {
            while (more.getAsBoolean()) {
                var _ = open.sendBinary(ByteBuffer.wrap(message), true).join();
                sent.incrementAndGet();
            }
        });
    }

    /// Takes no more than one message from the connection.
    void stopReading() {
        reading = false;
    }

    void goOnReading() {
        reading = true;
        Objects.requireNonNull(socket).request(1);
    }

    void sendText(String text) throws Exception {
        Objects.requireNonNull(socket).sendText(text, true).get(10, TimeUnit.SECONDS);
    }

    int ask(String request) throws Exception {
        SealedSession open = Objects.requireNonNull(session);
        int stream = open.openStream();
        for (byte[] frame : open.seal(stream, request.getBytes(StandardCharsets.UTF_8), ContentType.JSON, Chunk.LAST)) {
            send(frame);
        }
        return stream;
    }

    /// The next content of an answer.
    String heard() throws Exception {
        while (true) {
            if (Objects.requireNonNull(session).receive(ByteBuffer.wrap(next()))
                    instanceof Received.Delivered delivered) {
                return new String(delivered.content(), StandardCharsets.UTF_8);
            }
        }
    }

    private byte[] next() throws Exception {
        byte[] message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came; closed: " + closed.getNow("no"));
        }
        return message;
    }

    /// `code reason` of the close.
    CompletableFuture<String> closed() {
        return closed;
    }

    boolean hasMessage() {
        return !messages.isEmpty();
    }

    void leave() throws Exception {
        Objects.requireNonNull(socket).sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                messages.add(partial.toByteArray());
                partial.reset();
            }
            if (reading) {
                from.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete((code + " " + reason).strip());
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            closed.complete("error " + failure.getClass().getSimpleName());
        }
    }
}

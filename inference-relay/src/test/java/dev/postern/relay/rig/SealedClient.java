package dev.postern.relay.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.Chunk;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.ContentType;
import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigVerifier;
import dev.postern.session.MessageAssembler;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.StreamProblem;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the relay over `java.net.http`, with the production library at its end of the session. For one
/// thread.
public final class SealedClient implements AutoCloseable {
    public static final String ACCEPTED = "accepted";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RelayRig rig;
    private final HttpClient http;
    private final ProofKey proofKey;
    private final Clock clock;
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final List<byte[]> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final CompletableFuture<String> decided = new CompletableFuture<>();
    private volatile boolean paused;
    private @Nullable WebSocket socket;
    private @Nullable SealedSession session;
    private @Nullable KeyConfig config;

    public SealedClient(RelayRig rig) {
        this(rig, rig.gateway);
    }

    public SealedClient(RelayRig rig, WorkloadIdentity identity) {
        this(rig, identity, new ProofKey(keyPair()), rig.clock);
    }

    /// A client that proves with `proofKey`.
    public SealedClient(RelayRig rig, ProofKey proofKey) {
        this(rig, rig.gateway, proofKey, rig.clock);
    }

    /// A client with a clock of its own.
    public SealedClient(RelayRig rig, Clock clock) {
        this(rig, rig.gateway, new ProofKey(keyPair()), clock);
    }

    private SealedClient(RelayRig rig, WorkloadIdentity identity, ProofKey proofKey, Clock clock) {
        this.rig = rig;
        this.http = HttpClient.newBuilder().sslContext(identity.sslContext()).build();
        this.proofKey = proofKey;
        this.clock = clock;
    }

    public static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static SealedClient open(RelayRig rig) throws Exception {
        return open(rig, TokenMint.Order::delegate);
    }

    /// Opens a session with the token that is ordered for the client's key.
    public static SealedClient open(RelayRig rig, Function<String, TokenMint.Order> order) throws Exception {
        SealedClient client = new SealedClient(rig);
        client.connect();
        client.send(client.offer(order.apply(client.thumbprint())));
        client.accept();
        return client;
    }

    public String thumbprint() {
        return proofKey.thumbprint();
    }

    public HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(rig.address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Everything of an OPEN but the sending.
    public ClientHandshake handshake(TokenMint.Order order) throws Exception {
        JsonNode relay =
                JSON.readTree(get("/ssp1/key-config").body()).path("relays").path(0);
        config = new KeyConfigVerifier(
                        List.of(rig.authority.certificate()),
                        RelayRig.DOMAIN.idOf("inference-relay"),
                        TokenMint.AUDIENCE,
                        clock)
                .verify(relay.path("key_config").asString());
        OpenParameters parameters = new OpenParameters("postern", order.clientId(), List.of(), 8, rig.mint.mint(order));
        ClientOffer offer = new ClientOffer(
                config, ClientOffer.DEFAULT_SUITES, relay.path("challenge").asString(), parameters, proofKey);
        return ClientHandshake.start(offer, clock, rig.random);
    }

    private @Nullable ClientHandshake running;

    public byte[] offer(TokenMint.Order order) throws Exception {
        ClientHandshake handshake = handshake(order);
        running = handshake;
        return handshake.message();
    }

    public void connect() throws Exception {
        URI address = rig.address("/ssp1");
        socket = http.newWebSocketBuilder()
                .subprotocols("ssp1")
                .buildAsync(URI.create("wss" + address.toString().substring("https".length())), new Listener())
                .get(10, TimeUnit.SECONDS);
    }

    public void send(byte[] message) throws Exception {
        Objects.requireNonNull(socket)
                .sendBinary(ByteBuffer.wrap(message), true)
                .get(10, TimeUnit.SECONDS);
    }

    public void accept() throws Exception {
        byte[] accept = next();
        session = Objects.requireNonNull(running).accept(accept).session();
    }

    public SealedSession session() {
        return Objects.requireNonNull(session);
    }

    /// Stops taking what the relay sends, at once.
    public void pause() {
        paused = true;
    }

    /// Takes it again.
    public void resume() {
        paused = false;
        Objects.requireNonNull(socket).request(1);
    }

    /// `code reason` of the close that ended the connection.
    public String closed() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    /// Opens and forgets every message that has arrived.
    public void discardArrived() {
        byte[] message = messages.poll();
        while (message != null) {
            var _ = session().receive(ByteBuffer.wrap(message));
            message = messages.poll();
        }
    }

    /// Whether nothing arrives for so long; what does is opened and forgotten.
    public boolean silentFor(Duration time) throws InterruptedException {
        byte[] message = messages.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        if (message != null) {
            var _ = session().receive(ByteBuffer.wrap(message));
        }
        return message == null;
    }

    /// Every message that has arrived, ACCEPT first.
    public List<byte[]> received() {
        return List.copyOf(received);
    }

    /// What became of OPEN: `accepted`, or `code reason` of the close.
    public String decided() throws Exception {
        return decided.get(10, TimeUnit.SECONDS);
    }

    private byte[] next() throws Exception {
        byte[] message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came; closed: " + closed.getNow("no"));
        }
        return message;
    }

    /// Sends a request and returns its stream.
    public int ask(String request) throws Exception {
        int stream = session().openStream();
        for (byte[] frame : session().seal(stream, request.getBytes(UTF_8), ContentType.JSON, Chunk.LAST)) {
            send(frame);
        }
        return stream;
    }

    /// What came back on one stream: its messages, then its end or its problem.
    public record Answer(List<String> messages, @Nullable StreamProblem problem) {
        public String text() {
            return String.join("", messages);
        }
    }

    public Answer answer(int stream) throws Exception {
        List<String> received = new ArrayList<>();
        MessageAssembler assembler = new MessageAssembler(32 << 20);
        while (true) {
            switch (session().receive(next())) {
                case Received.Delivered chunk
                when chunk.stream() == stream -> {
                    var message = assembler.add(chunk);
                    if (message.isPresent()) {
                        if (message.get().content().length > 0) {
                            received.add(new String(message.get().content(), UTF_8));
                        }
                        if (message.get().last()) {
                            return new Answer(received, null);
                        }
                    }
                }
                case Received.StreamError(int failed, StreamProblem problem)
                when failed == stream -> {
                    return new Answer(received, problem);
                }
                case Received.Dropped(var reason) -> throw new AssertionError("dropped: " + reason);
                default -> {}
            }
        }
    }

    public Answer askAndAnswer(String request) throws Exception {
        return answer(ask(request));
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
        http.shutdownNow();
    }

    private final class Listener implements WebSocket.Listener {
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                decided.complete(ACCEPTED);
                received.add(partial.toByteArray());
                messages.add(partial.toByteArray());
                partial.reset();
            }
            if (!paused) {
                from.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            ended("error " + failure.getClass().getSimpleName());
        }

        private void ended(String how) {
            decided.complete(how);
            closed.complete(how);
        }
    }
}

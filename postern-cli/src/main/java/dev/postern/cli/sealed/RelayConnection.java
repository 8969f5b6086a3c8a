package dev.postern.cli.sealed;

import dev.postern.cli.terminal.Failure;
import dev.postern.session.Chunk;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.ContentTooLarge;
import dev.postern.session.ContentType;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.MessageAssembler;
import dev.postern.session.OpenParameters;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One sealed session to one relay, for one thread. Frames are handed out before they are sent, so that a caller may
/// repeat or alter them.
public final class RelayConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_ANSWER = 1 << 20;

    private final HttpClient client;
    private final FrameSocket socket;
    private final SealedSession session;
    private final SecureRandom random;
    private final JsonMapper json = new JsonMapper();

    /// A sealed request, not sent yet.
    public record Sealed(int stream, List<byte[]> frames) {
        public Sealed {
            frames = List.copyOf(frames);
        }
    }

    private RelayConnection(HttpClient client, FrameSocket socket, SealedSession session, SecureRandom random) {
        this.client = client;
        this.socket = socket;
        this.session = session;
        this.random = random;
    }

    /// Fetches and verifies the relay's key configuration, connects, and completes the handshake.
    public static RelayConnection open(RelayAccess access, SecureRandom random) throws InterruptedException {
        return open(access, published(access), random);
    }

    /// The relay's key configuration, verified.
    public static PublishedRelay published(RelayAccess access) throws InterruptedException {
        try (HttpClient client = client(access)) {
            return PublishedRelay.of(keyConfiguration(client, access.relay()), access.anchors(), access.clock());
        }
    }

    /// Connects, and completes the handshake with what the relay once published.
    public static RelayConnection open(RelayAccess access, PublishedRelay relay, SecureRandom random)
            throws InterruptedException {
        HttpClient client = client(access);
        boolean open = false;
        try {
            ClientOffer offer = relay.offer(
                    new OpenParameters(access.tenant(), access.clientId(), List.of(), 8, access.token()),
                    access.proofKey());
            FrameSocket socket = FrameSocket.connect(client, webSocket(access.relay(), relay.keyId()), PATIENCE);
            try (ClientHandshake handshake = ClientHandshake.start(offer, access.clock(), random)) {
                socket.send(handshake.message());
                SealedSession session = handshake.accept(socket.next(PATIENCE)).session();
                open = true;
                return new RelayConnection(client, socket, session, random);
            }
        } catch (HandshakeFailed e) {
            throw new Failure("The handshake with the relay failed: " + e.reason(), e);
        } finally {
            if (!open) {
                client.shutdownNow();
            }
        }
    }

    /// Seals a request as the protocol's request document.
    public Sealed seal(String operation, ObjectNode body) {
        byte[] messageId = new byte[16];
        random.nextBytes(messageId);
        ObjectNode request = json.createObjectNode()
                .put("op", operation)
                .put("msg_id", Base64.getUrlEncoder().withoutPadding().encodeToString(messageId))
                .put("deadline_ms", PATIENCE.toMillis());
        request.set("body", body);
        int stream = session.openStream();
        return new Sealed(stream, session.seal(stream, json.writeValueAsBytes(request), ContentType.JSON, Chunk.LAST));
    }

    /// Sends bytes as one frame, whatever they are.
    public void send(byte[] frame) {
        socket.send(frame);
    }

    /// The answer document to a request, or nothing when none came in time.
    ///
    /// @throws Failure with the problem's code when the relay refused
    public Optional<JsonNode> answer(Sealed request, Duration patience) throws InterruptedException {
        MessageAssembler assembler = new MessageAssembler(MAX_ANSWER);
        while (true) {
            Optional<byte[]> frame = socket.poll(patience);
            if (frame.isEmpty()) {
                return Optional.empty();
            }
            switch (session.receive(frame.get())) {
                case Received.Delivered delivered
                when delivered.stream() == request.stream() -> {
                    Optional<JsonNode> whole = add(assembler, delivered);
                    if (whole.isPresent()) {
                        return whole;
                    }
                }
                case Received.StreamError(int stream, var problem)
                when stream == request.stream() ->
                    throw new Failure("The relay refused the request: " + problem.code());
                case Received.Closed(String reason, List<Integer> _, long _) ->
                    throw new Failure("The relay closed the session: " + reason);
                case Received.Delivered _, Received.StreamError _, Received.KeyUpdated _, Received.Dropped _ -> {}
            }
        }
    }

    @Override
    public void close() {
        session.sealClose("done").forEach(socket::send);
        socket.close();
        client.close();
    }

    private Optional<JsonNode> add(MessageAssembler assembler, Received.Delivered chunk) {
        try {
            return assembler.add(chunk).map(message -> json.readTree(message.content()));
        } catch (ContentTooLarge | JacksonException e) {
            throw new Failure("The relay's answer is too long or not JSON.", e);
        }
    }

    private static HttpClient client(RelayAccess access) {
        return HttpClient.newBuilder()
                .sslContext(access.tls())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    private static JsonNode keyConfiguration(HttpClient client, URI relay) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(relay.resolve("/ssp1/key-config"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new Failure("The relay gave no key configuration: " + answer.statusCode());
            }
            return new JsonMapper().readTree(answer.body()).path("relays").path(0);
        } catch (IOException | JacksonException e) {
            throw new Failure("The relay gave no key configuration.", e);
        }
    }

    private static URI webSocket(URI relay, String keyId) {
        return URI.create("wss://" + relay.getAuthority() + "/ssp1?key_id=" + keyId);
    }
}

package dev.postern.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.recorder.Recorded;
import dev.postern.cli.scan.Canaries;
import dev.postern.cli.scan.Needles;
import dev.postern.cli.sealed.PublishedRelay;
import dev.postern.client.Answer;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Listens on both sides of a gateway, inside TLS, while a client talks to a model through it.
///
/// First a message that nobody sealed goes the same way: the recorders must find what is in it. Then they must find
/// nothing of a sealed question, whole and streamed, nor of its answer.
final class SealedGatewayBlindCheck implements DemoCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /// What requests, answers and events hold beside the words: those of a streamed answer come a few letters at a
    /// time.
    private static final List<String> SHAPES =
            List.of("This is a simulator", "chat.completion", "chatcmpl-", "\"messages\"", "\"delta\"");

    @Override
    public String id() {
        return "sealed-gateway-blind";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        Eavesdropping ears = world.eavesdropping();
        String unsealed = Canaries.draw(world.random()).email();
        world.remember(unsealed);
        Needles control = Needles.of(List.of(unsealed));
        WebSocket socket = sendUnsealed(world, ears, unsealed);
        try {
            CheckFailed.unless(
                    world.await(PATIENCE, () -> hears(front(ears), control) && hears(behind(ears), control)),
                    "the recorders do not find what was sent unsealed");
        } finally {
            socket.abort();
        }
        int before = messages(front(ears)) + messages(behind(ears));

        talk(world, ears);

        List<Recorded> front = front(ears);
        List<Recorded> behind = behind(ears);
        int recorded = messages(front) + messages(behind) - before;
        CheckFailed.unless(recorded >= 8, "only " + recorded + " messages were recorded");
        CheckFailed.unless(
                Stream.concat(front.stream(), behind.stream()).noneMatch(Recorded::compressed),
                "messages are compressed and cannot be searched");
        List<String> values = new ArrayList<>(world.canaries().unwritable());
        values.add(world.canaries().name());
        values.addAll(SHAPES);
        Needles needles = Needles.of(values);
        CheckFailed.unless(!hears(front, needles), "the recorder between client and gateway reads what is said");
        CheckFailed.unless(!hears(behind, needles), "the recorder between gateway and relay reads what is said");
        return "an unsealed message was read inside TLS on both sides of the gateway; of " + recorded
                + " sealed ones, none of " + values.size() + " values of question and answer";
    }

    private static WebSocket sendUnsealed(DemoWorld world, Eavesdropping ears, String unsealed)
            throws CheckFailed, InterruptedException {
        String token = world.gatewayToken();
        URI keys = ears.recordedGateway().resolve("/ssp1/key-config");
        JsonNode relays = world.sealedRelays(keys, token);
        String keyId = PublishedRelay.of(
                        relays.path(0), PemIdentity.certificates(world.home().caCertificate()), world.clock())
                .keyId();
        URI address = URI.create("wss://" + ears.recordedGateway().getAuthority() + "/ssp1?key_id=" + keyId);
        try {
            WebSocket socket = world.anyone()
                    .client()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + token)
                    .subprotocols("ssp1")
                    .connectTimeout(PlatformHttp.PATIENCE)
                    .buildAsync(address, new WebSocket.Listener() {})
                    .join();
            return socket.sendBinary(ByteBuffer.wrap(unsealed.getBytes(UTF_8)), true)
                    .join();
        } catch (CompletionException _) {
            throw new CheckFailed("the unsealed message could not be sent");
        }
    }

    private static void talk(DemoWorld world, Eavesdropping ears) throws CheckFailed, InterruptedException {
        try (PosternClient client = ears.client(ears.recordedGateway())) {
            String whole =
                    client.chat(SealedLink.chat(world.canaries().prompt())).text();
            CheckFailed.unless(
                    whole.contains(world.canaries().marker()) && SHAPES.stream().anyMatch(whole::contains),
                    "the answer is not the expected one");
            Request streamed = Request.of(
                    Request.CHAT, SealedLink.chat(world.canaries().prompt()).put("stream", true));
            try (AnswerStream answer = client.stream(streamed)) {
                StringBuilder events = new StringBuilder();
                for (Optional<Answer> event = answer.next(); event.isPresent(); event = answer.next()) {
                    events.append(event.get().text());
                }
                CheckFailed.unless(
                        SHAPES.stream().anyMatch(shape -> events.indexOf(shape) >= 0),
                        "the streamed answer is not the expected one");
            }
        } catch (PosternFailure e) {
            throw new CheckFailed("the SDK failed: " + e.getMessage());
        }
    }

    private static List<Recorded> front(Eavesdropping ears) {
        return ears.front().recorded();
    }

    private static List<Recorded> behind(Eavesdropping ears) {
        return Stream.concat(ears.toRelay().recorded().stream(), ears.toSecondRelay().recorded().stream())
                .toList();
    }

    private static int messages(List<Recorded> connections) {
        return connections.stream()
                .mapToInt(connection -> connection.messagesSent().size()
                        + connection.messagesReceived().size())
                .sum();
    }

    /// In what passed as it was inside TLS, and in the messages of WebSockets as they were before they were masked.
    private static boolean hears(List<Recorded> connections, Needles needles) {
        return connections.stream()
                .flatMap(connection -> Stream.of(
                                Stream.of(connection.sent(), connection.received()),
                                connection.messagesSent().stream(),
                                connection.messagesReceived().stream())
                        .flatMap(octets -> octets))
                .anyMatch(needles::anyIn);
    }
}

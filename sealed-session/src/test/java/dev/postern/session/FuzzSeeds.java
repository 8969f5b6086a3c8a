package dev.postern.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Writes the corpus anew: for each parser genuine octets, each also cut short, prolonged beyond any limit, and with
/// bits turned; and random ones. What the fuzzer found lies beside them and stays.
public final class FuzzSeeds {
    private static final Path RESOURCES =
            ProjectFiles.root().resolve("sealed-session/src/test/resources/dev/postern/session");
    private static final byte[] CONTENT = "{\"op\":\"/v1/models\"}".getBytes(UTF_8);

    private final Random random = new Random(20_261_126);
    private final TestPeers peers = new TestPeers(Suite.X25519);

    private FuzzSeeds() {}

    public static void main(String[] arguments) throws Exception {
        new FuzzSeeds().write();
    }

    private void write() throws Exception {
        for (FuzzTarget target : FuzzTarget.values()) {
            int number = 0;
            for (byte[] genuine : genuine(target)) {
                String name = "genuine-" + number++;
                save(target, name, genuine);
                save(target, name + "-cut", Arrays.copyOf(genuine, genuine.length * 2 / 3));
                save(target, name + "-turned", turned(genuine));
            }
            byte[] first = genuine(target).getFirst();
            save(target, "too-long", Arrays.copyOf(first, 40_000));
            byte[] noise = new byte[300];
            random.nextBytes(noise);
            save(target, "random", noise);
        }
        Files.writeString(
                RESOURCES.resolve("ParserFuzzTestAnchor.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(peers.anchor.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private List<byte[]> genuine(FuzzTarget target) throws Exception {
        SealedSession client = FuzzTarget.Peer.end(Role.CLIENT);
        SealedSession relay = FuzzTarget.Peer.end(Role.RELAY);
        int stream = client.openStream();
        byte[] question =
                client.seal(stream, CONTENT, ContentType.JSON, Chunk.LAST).getFirst();
        relay.receive(question);
        byte[] answer =
                relay.seal(stream, CONTENT, ContentType.JSON, Chunk.MORE).getFirst();
        byte[] update = relay.updateKeys().getFirst();
        byte[] problem = relay.sealError(stream, StreamProblem.CANCELLED).getFirst();
        byte[] close = relay.sealClose("done").getFirst();
        byte[] cancel = client.sealError(stream, StreamProblem.CANCELLED).getFirst();
        byte[] farewell = client.sealClose("done").getFirst();
        byte[] parameters = TestPeers.parameters().toJson(TestPeers.RANDOM);
        return switch (target) {
            case FRAME_HEADER -> List.of(question, answer, update, problem, close);
            case INNER_PLAINTEXT ->
                List.of(inner(CONTENT, ContentType.JSON), inner(new byte[0], ContentType.BYTES), new byte[256]);
            case RELAY_RECEIVES -> List.of(question, cancel, farewell, answer);
            case CLIENT_RECEIVES -> List.of(answer, update, problem, question);
            case SEALED_BY_THE_RELAY ->
                List.of(
                        plain(answer, inner(CONTENT, ContentType.JSON)),
                        plain(update, inner(new byte[0], ContentType.BYTES)),
                        plain(problem, inner(StreamProblem.CANCELLED.toJson(), ContentType.PROBLEM)),
                        plain(close, inner(new CloseSummary("done", 1, 1).toJson(), ContentType.JSON)));
            case SEALED_BY_THE_CLIENT ->
                List.of(
                        plain(question, inner(CONTENT, ContentType.JSON)),
                        plain(cancel, inner(StreamProblem.CANCELLED.toJson(), ContentType.PROBLEM)),
                        plain(farewell, inner(new CloseSummary("done", 1, 1).toJson(), ContentType.JSON)));
            case OPEN ->
                List.of(
                        FuzzHandshakes.anotherClient().message(),
                        FuzzHandshakes.offering(FuzzHandshakes.body()).message());
            case OPEN_BODY ->
                List.of(FuzzHandshakes.body(), OpenBody.encode(OpenBody.signed(new byte[32], parameters), ""));
            case OPEN_PARAMETERS -> List.of(parameters);
            case ACCEPT ->
                List.of(FuzzHandshakes.RELAY
                        .parse(FuzzHandshakes.offering(FuzzHandshakes.body()).message())
                        .open()
                        .accept(FuzzHandshakes.terms())
                        .message());
            case ACCEPT_BODY ->
                List.of(new AcceptBody(peers.relayClock.instant(), peers.terms(), peers.challenges.issue()).toJson());
            case KEY_CONFIG ->
                List.of(
                        TestPeers.withBothSuites().ring.current().payload(),
                        new String(peers.ring.current().payload(), UTF_8)
                                .replace("[32,1,2]", "[32.0,1,2],[\"32\",1,2],[1e400,1,2]")
                                .getBytes(UTF_8));
            case KEY_CONFIG_JWS ->
                List.of(peers.identity.signer().sign(peers.ring.current()).getBytes(ISO_8859_1));
            case CLOSE_SUMMARY -> List.of(new CloseSummary("done", 1, 2).toJson());
            case STREAM_PROBLEM -> List.of(StreamProblem.CANCELLED.toJson());
            case MESSAGE_ASSEMBLER ->
                List.of(new byte[] {3, 100, 3, 100, 0, 1, (byte) 0x83, 7}, new byte[] {3, -1, 3, -1, 3, -1});
            case VECTOR_FILE ->
                List.of(
                        Files.readAllBytes(ProjectFiles.root().resolve("testdata/vectors/ssp1-x25519.json")),
                        Files.readAllBytes(ProjectFiles.root().resolve("testdata/vectors/ssp1-xwing.json")));
        };
    }

    private static byte[] inner(byte[] content, ContentType type) {
        byte[] plaintext = Arrays.copyOf(content, InnerPlaintext.paddedLength(content.length));
        plaintext[content.length] = type.code();
        return plaintext;
    }

    /// A frame's header before a plaintext.
    private static byte[] plain(byte[] frame, byte[] plaintext) {
        return ByteBuffer.allocate(FrameHeader.LENGTH + plaintext.length)
                .put(frame, 0, FrameHeader.LENGTH)
                .put(plaintext)
                .array();
    }

    private byte[] turned(byte[] octets) {
        byte[] turned = octets.clone();
        for (int i = 0; i < 3 && turned.length > 0; i++) {
            turned[random.nextInt(turned.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return turned;
    }

    private static void save(FuzzTarget target, String name, byte[] octets) throws IOException {
        Path directory =
                Files.createDirectories(RESOURCES.resolve("ParserFuzzTestInputs/everyParserRefusesOrUnderstands"));
        Files.write(directory.resolve(name(target, name)), target.input(octets));
    }

    /// The file of that input.
    static String name(FuzzTarget target, String name) {
        return target.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + name;
    }
}

package dev.postern.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever octets arrive, each parser answers with its own refusal and nothing else.
final class RandomInputTest {
    private static final int ROUNDS = 3_000;

    private final Random random = new Random(20_261_123);
    private final TestPeers peers = new TestPeers(Suite.X25519);

    @Test
    void frames() {
        TestPeers.SessionPair pair = peers.session();
        byte[] frame = pair.client()
                .seal(pair.client().openStream(), new byte[100], ContentType.BYTES, Chunk.MORE)
                .getFirst();
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(pair.relay().receive(octets(400))).isInstanceOf(Received.Dropped.class);
            assertThat(pair.relay().receive(mutated(frame))).isInstanceOf(Received.Dropped.class);
        }
        assertThat(pair.relay().receive(frame)).isInstanceOf(Received.Delivered.class);
    }

    @Test
    void headersNeverPassWithAValueOutOfRange() {
        byte[] header = new byte[FrameHeader.LENGTH + 300];
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(header);
            header[0] = 1;
            ByteBuffer.wrap(header).putLong(24, random.nextLong() >>> random.nextInt(64));
            header[1] = (byte) (0x10 + random.nextInt(6));
            ByteBuffer.wrap(header).putShort(2, (short) random.nextInt(8)).putInt(40, random.nextInt(280, 304));
            if (FrameHeader.parse(ByteBuffer.wrap(header)) instanceof FrameHeader.Valid(FrameHeader parsed)) {
                valid++;
                assertThat(parsed.seq()).isBetween(0L, FrameHeader.MAX_SEQ);
                assertThat(parsed.length()).isEqualTo(300);
                ByteBuffer again = ByteBuffer.allocate(FrameHeader.LENGTH);
                parsed.write(again);
                assertThat(again.array()).isEqualTo(Arrays.copyOf(header, FrameHeader.LENGTH));
            }
        }
        assertThat(valid).isPositive();
    }

    @Test
    void opens() throws Exception {
        byte[] open = peers.client(Suite.X25519).message();
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(refused(octets(2_000))).isTrue();
            assertThat(refused(mutated(open))).isTrue();
        }
    }

    @Test
    void accepts() throws Exception {
        for (int i = 0; i < 300; i++) {
            ClientHandshake client = peers.client(Suite.X25519);
            byte[] accept = octets(600);
            if (i % 2 == 0) {
                accept = mutated(peers.relay
                        .parse(client.message())
                        .open()
                        .accept(peers.terms())
                        .message());
            }
            byte[] arrived = accept;
            assertThat(failed(client, arrived)).isTrue();
        }
    }

    @Test
    void innerParsers() throws Exception {
        byte[] parameters = TestPeers.parameters().toJson(TestPeers.RANDOM);
        byte[] body = OpenBody.encode(OpenBody.signed(new byte[32], parameters), "a.b.c");
        byte[] accept = new AcceptBody(peers.relayClock.instant(), peers.terms(), peers.challenges.issue()).toJson();
        byte[] config = peers.ring.current().payload();
        byte[] close = new CloseSummary("done", 1, 2).toJson();
        for (int i = 0; i < ROUNDS; i++) {
            quietly(() -> OpenBody.parse(Suite.X25519, mutated(body)));
            quietly(() -> OpenParameters.parse(mutated(parameters)));
            quietly(() -> AcceptBody.parse(mutated(accept)));
            quietly(() -> KeyConfig.parse(mutated(config)));
            quietly(() -> CloseSummary.parse(mutated(close)));
            quietly(() -> StreamProblem.parse(mutated(StreamProblem.CANCELLED.toJson())));
            quietly(() -> Json.read(octets(100)));
            InnerPlaintext.parse(ByteBuffer.wrap(octets(300)));
        }
    }

    @Test
    void keyConfigurations() {
        byte[] jws = peers.identity.signer().sign(peers.ring.current()).getBytes(ISO_8859_1);
        KeyConfigVerifier verifier = peers.verifier();
        int accepted = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] altered = mutated(jws);
            try {
                KeyConfig config = verifier.verify(new String(altered, ISO_8859_1));
                // Base64url decoders ignore some characters; the payload is then the signed one.
                assertThat(config.digest()).isEqualTo(peers.ring.current().digest());
                accepted++;
            } catch (KeyConfigRejected rejected) {
                assertThat(rejected.reason()).isNotNull();
            }
        }
        assertThat(accepted).isLessThan(100);
    }

    private interface Parser {
        void parse() throws MalformedContent;
    }

    private static void quietly(Parser parser) {
        try {
            parser.parse();
        } catch (MalformedContent malformed) {
            assertThat(malformed).isNotNull();
        }
    }

    private boolean refused(byte[] open) {
        try {
            peers.relay.parse(open).open();
            return false;
        } catch (HandshakeRefused _) {
            return true;
        }
    }

    private static boolean failed(ClientHandshake client, byte[] accept) {
        try {
            client.accept(accept);
            return false;
        } catch (HandshakeFailed _) {
            return true;
        }
    }

    private byte[] octets(int atMost) {
        byte[] octets = new byte[random.nextInt(atMost)];
        random.nextBytes(octets);
        return octets;
    }

    /// One to four octets changed, or the end cut off or prolonged; never the original.
    private byte[] mutated(byte[] original) {
        if (random.nextInt(8) == 0) {
            int length = random.nextInt(original.length + 20);
            return Arrays.copyOf(original, length == original.length ? length + 1 : length);
        }
        byte[] altered = original.clone();
        int at = random.nextInt(altered.length);
        altered[at] ^= (byte) (1 + random.nextInt(255));
        for (int i = random.nextInt(4); i > 0; i--) {
            int other = random.nextInt(altered.length);
            if (other != at) {
                altered[other] = (byte) random.nextInt();
            }
        }
        return altered;
    }
}

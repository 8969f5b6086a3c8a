import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.session.Accepted;
import dev.postern.session.Challenges;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.KeyConfigSigner;
import dev.postern.session.OpenedOffer;
import dev.postern.session.Received;
import dev.postern.session.RelayDescription;
import dev.postern.session.RelayHandshake;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionTerms;
import dev.postern.session.StreamProblem;
import dev.postern.session.Suite;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The production relay half of SSP1 on standard input and output, one command and one answer a line, for
/// `interop.test.ts`. Octets are hex.
public final class RelayPeer {
    private static final HexFormat HEX = HexFormat.of();
    private static final URI RELAY = URI.create("spiffe://postern.local/service/inference-relay");

    private final Challenges challenges;
    private final RelayHandshake handshake;
    private SealedSession session;

    private RelayPeer(Challenges challenges, RelayHandshake handshake) {
        this.challenges = challenges;
        this.handshake = handshake;
    }

    public static void main(String[] arguments) throws Exception {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        RelayKeyRing ring = new RelayKeyRing(
                new RelayDescription(RELAY + "#one", "urn:postern:relay", "policy-1"),
                List.of(Suite.X_WING, Suite.X25519),
                Duration.ofMinutes(5),
                clock,
                random);
        InMemoryAuthority authority = InMemoryAuthority.create("Interop", Duration.ofDays(1), clock, random);
        IdentityDocument identity = authority.identityOf(RELAY).current();
        Challenges challenges = new Challenges(clock, random);
        RelayPeer peer = new RelayPeer(challenges, new RelayHandshake(ring, challenges, clock, random));
        System.out.println(Base64.getEncoder().encodeToString(authority.certificate().getEncoded()));
        System.out.println(new KeyConfigSigner(identity.privateKey(), identity.chain()).sign(ring.current()));
        peer.serve();
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = answer(line.split(" ", -1));
            } catch (Exception e) {
                answer = "failed " + e;
            }
            System.out.println(answer);
        }
    }

    private String answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "challenge" -> challenges.issue();
            case "open" -> open(HEX.parseHex(command[1]));
            case "receive" -> received(session.receive(HEX.parseHex(command[1])));
            case "seal" ->
                frames(session.seal(
                        Integer.parseInt(command[1]),
                        HEX.parseHex(command[4]),
                        ContentType.valueOf(command[2]),
                        Chunk.valueOf(command[3])));
            case "error" ->
                frames(session.sealError(
                        Integer.parseInt(command[1]), new StreamProblem("unknown-model", 404, "There is no such model.")));
            case "update" -> frames(session.updateKeys());
            case "close" -> frames(session.sealClose(command[1]));
            case "commitment" -> HEX.formatHex(session.epochCommitment());
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private String open(byte[] message) throws Exception {
        OpenedOffer offer = handshake.parse(message).open();
        var expected = offer.expectedProof();
        DpopProof proof = DpopProof.verify(
                offer.proof(),
                new DpopExpectation(
                        Map.of(
                                "htm", expected.htm(),
                                "htu", expected.htu(),
                                "ath", expected.ath(),
                                "nonce", expected.nonce(),
                                "tsh", expected.tsh()),
                        Duration.ofDays(1),
                        Duration.ofDays(1)),
                Clock.systemUTC());
        Accepted accepted = offer.accept(SessionTerms.until(Instant.now().plusSeconds(300)));
        session = accepted.session();
        return String.join(
                " ",
                HEX.formatHex(accepted.message()),
                proof.thumbprint(),
                offer.token(),
                offer.parameters().clientId(),
                String.join(",", offer.parameters().models()));
    }

    private static String frames(List<byte[]> frames) {
        return frames.stream().map(HEX::formatHex).collect(Collectors.joining(" "));
    }

    private static String received(Received received) {
        return switch (received) {
            case Received.Delivered chunk ->
                "delivered " + chunk.stream() + " " + chunk.idx() + " " + chunk.chunk() + " " + chunk.type() + " "
                        + HEX.formatHex(chunk.content());
            case Received.StreamError(int stream, StreamProblem problem) -> "error " + stream + " " + problem.code();
            case Received.KeyUpdated(int epoch) -> "updated " + epoch;
            case Received.Closed closed -> "closed " + closed.reason() + " " + closed.complete();
            case Received.Dropped(var reason) -> "dropped " + reason.code();
        };
    }
}

package dev.postern.session;

import dev.postern.test.MutableClock;
import java.io.IOException;
import java.io.InputStream;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.conscrypt.HpkeContextSender;

/// A relay and a client whose keys anybody can read here: the same in every process, so that an OPEN and an ACCEPT in
/// the corpus go through all doors, and what the fuzzer makes of them goes as far as its change lets it.
final class FuzzHandshakes {
    private static final Suite SUITE = Suite.X25519;
    private static final byte[] RELAY_PUBLIC = Vector.X25519.hex("pkR");
    private static final byte[] RELAY_PRIVATE = Vector.X25519.hex("skR");
    private static final byte[] CLIENT_PUBLIC = Vector.X25519.hex("pkE");
    private static final byte[] CLIENT_PRIVATE = Vector.X25519.hex("skE");
    private static final byte[] ENCAPSULATED_FROM = Vector.X25519.hex("enc1_ikm");
    private static final MutableClock CLOCK = MutableClock.atNoon();
    private static final SecureRandom KNOWN = new Known();

    private static final RelayKeyRing RING = new RelayKeyRing(
            new RelayDescription(TestPeers.RELAY + "#one", TestPeers.AUDIENCE, "policy-1"),
            List.of(SUITE),
            TestPeers.PERIOD,
            CLOCK,
            KNOWN,
            _ -> Hpke.keyPair(SUITE, RELAY_PUBLIC, RELAY_PRIVATE));
    private static final Challenges CHALLENGES = new Challenges(CLOCK, KNOWN);

    static final RelayHandshake RELAY = new RelayHandshake(RING, CHALLENGES, CLOCK, KNOWN);

    private FuzzHandshakes() {}

    /// Nothing about it is random.
    private static final class Known extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] octets) {
            Arrays.fill(octets, (byte) 7);
        }
    }

    /// A client that has sent an OPEN with any body for the relay's key.
    static ClientHandshake offering(byte[] body) {
        RelayPublicKey key = RING.current().choose(List.of(SUITE)).orElseThrow();
        byte[] challenge =
                Base64Url.decode(CHALLENGES.issue(), Challenges.LENGTH).orElseThrow();
        byte[] header = Transcript.openHeader(SUITE, key.id(), challenge);
        HpkeContextSender sender;
        try {
            sender = Hpke.insecureDeterministicSender(
                    SUITE, key.octets(), Transcript.openInfo(RING.current().digest(), header), ENCAPSULATED_FROM);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
        byte[] enc1 = sender.getEncapsulated();
        byte[] ct1 = sender.seal(body, Transcript.openAad(header, enc1));
        return new ClientHandshake(
                CLOCK,
                Hpke.keyPair(SUITE, CLIENT_PUBLIC, CLIENT_PRIVATE),
                Hashing.concatenate(header, enc1, ct1),
                Transcript.afterOpen(header, enc1, ct1),
                sender.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL));
    }

    /// A body as it should be.
    static byte[] body() {
        return OpenBody.encode(
                OpenBody.signed(CLIENT_PUBLIC, TestPeers.parameters().toJson(KNOWN)), "a.b.c");
    }

    /// What a client of the library would send, with a key of its own.
    static ClientHandshake anotherClient() throws HandshakeFailed {
        ClientOffer offer = new ClientOffer(
                RING.current(),
                List.of(SUITE),
                CHALLENGES.issue(),
                TestPeers.parameters(),
                new ProofKey(TestIdentity.p256()));
        return ClientHandshake.start(offer, CLOCK, TestPeers.RANDOM);
    }

    static SessionTerms terms() {
        return SessionTerms.until(CLOCK.instant().plus(Duration.ofMinutes(15)));
    }

    /// The anchor of the key configurations in the corpus.
    static X509Certificate keptAnchor() {
        try (InputStream in = FuzzHandshakes.class.getResourceAsStream("ParserFuzzTestAnchor.pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.postern.session;

import static dev.postern.session.TestPeers.RANDOM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest {
    private final TestPeers peers = TestPeers.withBothSuites();

    @ParameterizedTest
    @EnumSource
    void bothEndsShareASessionAndNothingElseIsNeeded(Suite suite) throws Exception {
        ClientHandshake client = peers.client(suite);
        UnopenedOffer unopened = peers.relay.parse(client.message());
        assertThat(unopened.suite()).isEqualTo(suite);
        OpenedOffer offer = unopened.open();
        assertThat(offer.parameters()).isEqualTo(TestPeers.parameters());
        Accepted accepted = offer.accept(peers.terms());
        Established established = client.accept(accepted.message());

        assertThat(established.session().id()).isEqualTo(accepted.session().id());
        assertThat(established.session().terms()).isEqualTo(accepted.session().terms());
        assertThat(established.session().epochCommitment())
                .isEqualTo(accepted.session().epochCommitment());
        assertThat(peers.challenges.accepts(decoded(established.nextChallenge())))
                .isTrue();
    }

    @Test
    void theProofSaysWhatTheRelayExpects() throws Exception {
        OpenedOffer offer =
                peers.relay.parse(peers.client(Suite.X25519).message()).open();

        JWSObject proof = verified(offer.proof());
        Map<String, Object> claims = proof.getPayload().toJSONObject();
        ExpectedProof expected = offer.expectedProof();
        assertThat(proof.getHeader().getType().getType()).isEqualTo("dpop+jwt");
        assertThat(proof.getHeader().getJWK().computeThumbprint().toString()).isEqualTo(peers.proofKey.thumbprint());
        assertThat(claims)
                .containsEntry("htm", "OPEN")
                .containsEntry("htm", expected.htm())
                .containsEntry("htu", TestPeers.AUDIENCE)
                .containsEntry("htu", expected.htu())
                .containsEntry("ath", expected.ath())
                .containsEntry("nonce", expected.nonce())
                .containsEntry("tsh", expected.tsh())
                .containsKeys("jti", "iat");
    }

    @Test
    void aProofCarriedIntoAnotherOpenIsNotTheExpectedOne() throws Exception {
        OpenedOffer first =
                peers.relay.parse(peers.client(Suite.X25519).message()).open();
        OpenedOffer second =
                peers.relay.parse(peers.client(Suite.X25519).message()).open();

        assertThat(second.expectedProof().tsh())
                .isNotEqualTo(first.expectedProof().tsh());
        assertThat(second.expectedProof().nonce())
                .isNotEqualTo(first.expectedProof().nonce());
    }

    @Test
    void theProofIsBoundToEveryPartOfTheOffer() {
        byte[][] parts = {
            "header".getBytes(UTF_8), "enc1".getBytes(UTF_8), "kcd".getBytes(UTF_8), "signed".getBytes(UTF_8)
        };
        byte[] hash = Transcript.proofHash(parts[0], parts[1], parts[2], parts[3]);
        assertThat(hash)
                .isEqualTo(SecondImplementation.sha256(
                        parts[0], parts[1], parts[2], SecondImplementation.sha256(parts[3])));
        for (byte[] part : parts) {
            part[0] ^= 1;
            assertThat(Transcript.proofHash(parts[0], parts[1], parts[2], parts[3]))
                    .isNotEqualTo(hash);
            part[0] ^= 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void openWithAnyOctetAlteredGivesNoSession(Suite suite) throws Exception {
        byte[] open = peers.client(suite).message();
        int afterHeader = Transcript.OPEN_HEADER_LENGTH;
        for (int at = 0; at < open.length; at += at < afterHeader ? 1 : 37) {
            byte[] altered = open.clone();
            altered[at] ^= 1;
            assertThat(refusal(altered)).as("octet %d", at).isNotNull();
            if (at >= afterHeader) {
                assertThat(refusal(altered)).isEqualTo(Refusal.OPEN_REJECTED);
            }
        }
        assertThat(refusal(open)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void acceptWithAnyOctetAlteredGivesNoSession(Suite suite) throws Exception {
        for (int step = 0; step < 40; step++) {
            ClientHandshake client = peers.client(suite);
            byte[] accept = peers.relay
                    .parse(client.message())
                    .open()
                    .accept(peers.terms())
                    .message();
            // The finish at the end, the header at the start, and places in between.
            int at = step < 8 ? accept.length - 1 - 4 * step : (step - 8) * accept.length / 32;
            accept[at] ^= 0x40;
            assertThatThrownBy(() -> client.accept(accept)).isInstanceOf(HandshakeFailed.class);
        }
    }

    @Test
    void acceptIsTakenOnceAndAFailureEndsTheAttempt() throws Exception {
        ClientHandshake client = peers.client(Suite.X25519);
        byte[] accept =
                peers.relay.parse(client.message()).open().accept(peers.terms()).message();
        byte[] forged = accept.clone();
        forged[forged.length - 1] ^= 1;

        assertThat(failure(client, forged)).isEqualTo(HandshakeFailed.Reason.FORGED_ACCEPT);
        assertThatThrownBy(() -> client.accept(accept)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void acceptOfAnotherHandshakeIsRefused() throws Exception {
        ClientHandshake one = peers.client(Suite.X25519);
        ClientHandshake other = peers.client(Suite.X25519);
        byte[] accept =
                peers.relay.parse(other.message()).open().accept(peers.terms()).message();

        assertThat(failure(one, accept)).isEqualTo(HandshakeFailed.Reason.FORGED_ACCEPT);
    }

    @Test
    void everyFailureOfOpenHasTheSameName() throws Exception {
        byte[] open = peers.client(Suite.X25519).message();
        int enc = Transcript.OPEN_HEADER_LENGTH;
        byte[] garbage = open.clone();
        byte[] random = new byte[Suite.X25519.encapsulationLength()];
        new Random(7).nextBytes(random);
        System.arraycopy(random, 0, garbage, enc, random.length);
        byte[] lowOrder = open.clone();
        Arrays.fill(lowOrder, enc, enc + Suite.X25519.encapsulationLength(), (byte) 0);
        byte[] badTag = open.clone();
        badTag[badTag.length - 1] ^= 1;
        byte[] noTag = Arrays.copyOf(open, enc + Suite.X25519.encapsulationLength() + 16);

        assertThat(List.of(garbage, lowOrder, badTag, noTag))
                .extracting(this::refusal)
                .containsOnly(Refusal.OPEN_REJECTED);
        // Readable by us, yet without sense inside: again the same.
        for (byte[] body : List.of(new byte[0], new byte[] {0, 32}, "no body at all".getBytes(UTF_8))) {
            assertThat(refusal(sealedBody(body))).isEqualTo(Refusal.OPEN_REJECTED);
        }
    }

    @Test
    void onlyWhatNobodySealedToTheKeyIsUnauthentic() throws Exception {
        byte[] badTag = peers.client(Suite.X25519).message();
        badTag[badTag.length - 1] ^= 1;
        assertThat(isUnauthenticWhenOpened(badTag)).isTrue();
        assertThat(isUnauthenticWhenOpened(sealedBody("no body at all".getBytes(UTF_8))))
                .isFalse();
    }

    private boolean isUnauthenticWhenOpened(byte[] open) throws Exception {
        UnopenedOffer offer = peers.relay.parse(open);
        assertThatThrownBy(offer::open).isInstanceOf(HandshakeRefused.class);
        return offer.isUnauthentic();
    }

    @Test
    void anUnusableClientKeyIsRefusedByTheSameName() throws Exception {
        byte[] signed = OpenBody.signed(new byte[32], TestPeers.parameters().toJson(RANDOM));
        OpenedOffer offer =
                peers.relay.parse(sealedBody(OpenBody.encode(signed, "proof"))).open();

        HandshakeRefused refused = catchThrowableOfType(HandshakeRefused.class, () -> offer.accept(peers.terms()));
        assertThat(refused.refusal()).isEqualTo(Refusal.OPEN_REJECTED);
    }

    @Test
    void theCheapChecksComeBeforeAnyDecapsulation() throws Exception {
        byte[] open = peers.client(Suite.X25519).message();
        ByteBuffer.wrap(open, Transcript.OPEN_HEADER_LENGTH, open.length - Transcript.OPEN_HEADER_LENGTH)
                .put(new byte[open.length - Transcript.OPEN_HEADER_LENGTH]);
        // A body that no key opens is still admitted or refused by its header alone ...
        UnopenedOffer admitted = peers.relay.parse(open);
        assertThat(admitted.replayKey()).hasSize(64);
        // ... and a stale challenge is told apart without looking at the body.
        peers.relayClock.advance(Duration.ofMinutes(2));
        assertThat(refusal(open)).isEqualTo(Refusal.CHALLENGE);
    }

    @Test
    void theReplayKeyIsTheEncapsulations() throws Exception {
        byte[] open = peers.client(Suite.X25519).message();
        byte[] otherCiphertext = open.clone();
        otherCiphertext[otherCiphertext.length - 1] ^= 1;

        String key = peers.relay.parse(open).replayKey();
        assertThat(peers.relay.parse(otherCiphertext).replayKey()).isEqualTo(key);
        assertThat(peers.relay.parse(peers.client(Suite.X25519).message()).replayKey())
                .isNotEqualTo(key);
    }

    @Test
    void aForeignOrForgedChallengeIsRefused() throws Exception {
        byte[] open = peers.client(Suite.X25519).message();
        byte[] forged = open.clone();
        forged[Transcript.OPEN_HEADER_LENGTH - 1] ^= 1;
        assertThat(refusal(forged)).isEqualTo(Refusal.CHALLENGE);

        Challenges anotherRelays = new Challenges(peers.relayClock, RANDOM);
        ClientOffer offer = peers.offer(Suite.X25519);
        ClientHandshake client = ClientHandshake.start(
                new ClientOffer(
                        offer.relay(), offer.suites(), anotherRelays.issue(), offer.parameters(), offer.proofKey()),
                peers.clientClock,
                RANDOM);
        assertThat(refusal(client.message())).isEqualTo(Refusal.CHALLENGE);
    }

    @Test
    void noSuiteButThePermittedIsEverUsed() throws Exception {
        TestPeers classical = new TestPeers(Suite.X25519);
        assertThatThrownBy(() -> classical.client(Suite.X_WING))
                .isInstanceOfSatisfying(
                        HandshakeFailed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(HandshakeFailed.Reason.NO_COMMON_SUITE));
        assertThat(ClientOffer.DEFAULT_SUITES).containsExactly(Suite.X_WING);
        assertThat(peers.relay
                        .parse(peers.client(Suite.X_WING, Suite.X25519).message())
                        .suite())
                .isEqualTo(Suite.X_WING);
    }

    @Test
    void aHeaderRewrittenToAnotherSuiteIsRefused() throws Exception {
        byte[] open = peers.client(Suite.X_WING).message();
        ByteBuffer.wrap(open).putShort(6, (short) Suite.X25519.kem());
        assertThat(refusal(open)).isEqualTo(Refusal.KEY_CONFIG);

        for (int offset : new int[] {8, 10}) {
            byte[] otherAlgorithm = peers.client(Suite.X_WING).message();
            ByteBuffer.wrap(otherAlgorithm).putShort(offset, (short) 3);
            assertThat(refusal(otherAlgorithm)).isEqualTo(Refusal.KEY_CONFIG);
        }
    }

    @Test
    void aSuiteThatTheRelayDoesNotAcceptIsRefused() throws Exception {
        TestPeers classical = new TestPeers(Suite.X25519);
        byte[] open = peers.client(Suite.X_WING).message();
        assertThatThrownBy(() -> classical.relay.parse(open))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.KEY_CONFIG));
    }

    @Test
    void aKeyConfigurationThatIsNotTheRelaysSharesNoKeys() throws Exception {
        // The same key and key_id in another payload: another kcd.
        KeyConfig current = peers.ring.current();
        KeyConfig tampered = KeyConfig.of(
                new RelayDescription(TestPeers.RELAY + "#one", TestPeers.AUDIENCE, "no policy at all"),
                current.notBefore(),
                current.expires(),
                current.keys());
        ClientHandshake client = ClientHandshake.start(
                new ClientOffer(
                        tampered,
                        List.of(Suite.X25519),
                        peers.challenges.issue(),
                        TestPeers.parameters(),
                        peers.proofKey),
                peers.clientClock,
                RANDOM);

        assertThat(refusal(client.message())).isEqualTo(Refusal.OPEN_REJECTED);
    }

    @Test
    void oversizedAndForeignMessagesAreRefused() {
        assertThat(refusal(new byte[64 * 1024])).isEqualTo(Refusal.TOO_LARGE);
        assertThat(refusal(new byte[0])).isEqualTo(Refusal.OPEN_REJECTED);
        assertThat(refusal("GET / HTTP/1.1\r\n\r\n".repeat(8).getBytes(UTF_8))).isEqualTo(Refusal.OPEN_REJECTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void aClientWhoseClockIsAnHourOffWorks(int minutes) throws Exception {
        peers.clientClock.advance(Duration.ofMinutes(minutes));
        ClientHandshake client = peers.client(Suite.X25519);
        SessionTerms terms = peers.terms();
        Accepted accepted = peers.relay.parse(client.message()).open().accept(terms);
        Established established = client.accept(accepted.message());

        assertThat(established.clockOffset()).isEqualTo(Duration.ofMinutes(-minutes));
        assertThat(established.session().lifetime()).isEqualTo(Lifetime.LIVE);
        peers.advance(Duration.ofMinutes(15).minusMillis(1));
        assertThat(established.session().lifetime()).isNotEqualTo(Lifetime.EXPIRED);
        peers.advance(Duration.ofMillis(1));
        assertThat(established.session().lifetime()).isEqualTo(Lifetime.EXPIRED);
        assertThat(accepted.session().lifetime()).isEqualTo(Lifetime.EXPIRED);
    }

    @Test
    void anOfferIsAnsweredOnce() throws Exception {
        OpenedOffer offer =
                peers.relay.parse(peers.client(Suite.X25519).message()).open();
        offer.accept(peers.terms());
        assertThatThrownBy(() -> offer.accept(peers.terms())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thereIsNoDataBeforeTheHandshakeIsOver() throws Exception {
        // A frame in the place of OPEN is no OPEN: nothing before ACCEPT is ever delivered.
        TestPeers.SessionPair earlier = peers.session();
        int stream = earlier.client().openStream();
        byte[] frame = earlier.client()
                .seal(stream, "{}".getBytes(UTF_8), ContentType.JSON, Chunk.LAST)
                .getFirst();
        assertThat(refusal(frame)).isEqualTo(Refusal.OPEN_REJECTED);
    }

    private byte[] sealedBody(byte[] body) throws Exception {
        RelayPublicKey key = peers.published().choose(List.of(Suite.X25519)).orElseThrow();
        byte[] header = Transcript.openHeader(Suite.X25519, key.id(), decoded(peers.challenges.issue()));
        byte[] kcd = peers.ring.current().digest();
        var sender = Hpke.sender(Suite.X25519, key.octets(), Transcript.openInfo(kcd, header));
        byte[] enc1 = sender.getEncapsulated();
        return Hashing.concatenate(header, enc1, sender.seal(body, Transcript.openAad(header, enc1)));
    }

    private static byte[] decoded(String challenge) {
        return Base64Url.decode(challenge, Challenges.LENGTH).orElseThrow();
    }

    private @Nullable Refusal refusal(byte[] open) {
        try {
            peers.relay.parse(open).open();
            return null;
        } catch (HandshakeRefused refused) {
            return refused.refusal();
        }
    }

    private static HandshakeFailed.Reason failure(ClientHandshake client, byte[] accept) {
        return catchThrowableOfType(HandshakeFailed.class, () -> client.accept(accept))
                .reason();
    }

    private static JWSObject verified(String compact) throws ParseException, JOSEException {
        JWSObject proof = JWSObject.parse(compact);
        assertThat(proof.verify(new ECDSAVerifier(proof.getHeader().getJWK().toECKey())))
                .isTrue();
        return proof;
    }
}

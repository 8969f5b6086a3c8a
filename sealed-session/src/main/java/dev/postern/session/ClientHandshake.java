package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;

/// A client's half of the handshake: OPEN goes out, ACCEPT comes back, once. For one thread.
///
/// **Guarantee.** A session comes out only when the holder of the configuration's private key received exactly our
/// OPEN, and its own ephemeral contribution erases with our key pair: who takes either key later reads nothing of
/// this session.
public final class ClientHandshake implements AutoCloseable {
    private static final int MAX_ACCEPT = 8 * 1024;
    private static final int FINISH_LENGTH = 32;

    private final Clock clock;
    private final KemKeyPair ephemeral;
    private final byte[] message;
    private final byte[] th1;
    private final byte[] exp1;
    private boolean over;

    ClientHandshake(Clock clock, KemKeyPair ephemeral, byte[] message, byte[] th1, byte[] exp1) {
        this.clock = clock;
        this.ephemeral = ephemeral;
        this.message = message;
        this.th1 = th1;
        this.exp1 = exp1;
    }

    /// Seals an OPEN with a fresh ephemeral key.
    ///
    /// @throws HandshakeFailed when the relay offers no permitted suite, or the offer holds an unusable key or
    /// challenge
    public static ClientHandshake start(ClientOffer offer, Clock clock, SecureRandom random) throws HandshakeFailed {
        RelayPublicKey relayKey = offer.relay()
                .choose(offer.suites())
                .orElseThrow(() -> new HandshakeFailed(HandshakeFailed.Reason.NO_COMMON_SUITE));
        byte[] challenge = Base64Url.decode(offer.challenge(), Challenges.LENGTH)
                .orElseThrow(() -> new HandshakeFailed(HandshakeFailed.Reason.UNUSABLE_OFFER));
        byte[] kcd = offer.relay().digest();
        byte[] header = Transcript.openHeader(relayKey.suite(), relayKey.id(), challenge);
        HpkeContextSender context;
        try {
            context = Hpke.sender(relayKey.suite(), relayKey.octets(), Transcript.openInfo(kcd, header));
        } catch (InvalidKeyException _) {
            throw new HandshakeFailed(HandshakeFailed.Reason.UNUSABLE_OFFER);
        }
        byte[] enc1 = context.getEncapsulated();
        KemKeyPair ephemeral = Hpke.generate(relayKey.suite());
        byte[] signed =
                OpenBody.signed(ephemeral.publicKey(), offer.parameters().toJson(random));
        ExpectedProof claims = new ExpectedProof(
                ExpectedProof.METHOD,
                offer.relay().audience(),
                ProofKey.tokenHash(offer.parameters().token()),
                offer.challenge(),
                Base64Url.encode(Transcript.proofHash(header, enc1, kcd, signed)));
        byte[] body = OpenBody.encode(signed, offer.proofKey().prove(claims, clock.instant()));
        byte[] ct1 = context.seal(body, Transcript.openAad(header, enc1));
        Arrays.fill(body, (byte) 0);
        Arrays.fill(signed, (byte) 0);
        byte[] exp1 = context.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL);
        return new ClientHandshake(
                clock,
                ephemeral,
                Hashing.concatenate(header, enc1, ct1),
                Transcript.afterOpen(header, enc1, ct1),
                exp1);
    }

    /// OPEN: the first binary message.
    public byte[] message() {
        return message.clone();
    }

    /// Takes ACCEPT, the first binary message back. Whatever comes of it, the ephemeral key is erased.
    ///
    /// @throws HandshakeFailed when it is not the relay's answer to this OPEN
    public Established accept(byte[] accept) throws HandshakeFailed {
        if (over) {
            throw new IllegalStateException("a handshake takes one answer");
        }
        try {
            return complete(accept);
        } finally {
            close();
        }
    }

    private Established complete(byte[] accept) throws HandshakeFailed {
        int encapsulation = ephemeral.suite().encapsulationLength();
        int fixed = Transcript.ACCEPT_HEADER_LENGTH + encapsulation + FINISH_LENGTH;
        if (accept.length <= fixed
                || accept.length > MAX_ACCEPT
                || !Transcript.begins(ByteBuffer.wrap(accept), Transcript.TYPE_ACCEPT)) {
            throw new HandshakeFailed(HandshakeFailed.Reason.MALFORMED_ACCEPT);
        }
        int afterEnc = Transcript.ACCEPT_HEADER_LENGTH + encapsulation;
        int afterCt = accept.length - FINISH_LENGTH;
        byte[] header = Arrays.copyOf(accept, Transcript.ACCEPT_HEADER_LENGTH);
        byte[] enc2 = Arrays.copyOfRange(accept, Transcript.ACCEPT_HEADER_LENGTH, afterEnc);
        byte[] ct2 = Arrays.copyOfRange(accept, afterEnc, afterCt);
        byte[] finish = Arrays.copyOfRange(accept, afterCt, accept.length);
        byte[] body;
        byte[] exp2;
        try {
            HpkeContextRecipient context = Hpke.recipient(ephemeral, enc2, Transcript.acceptInfo(th1));
            body = context.open(ct2, Transcript.acceptAad(header, enc2, th1));
            exp2 = context.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL);
        } catch (GeneralSecurityException _) {
            throw new HandshakeFailed(HandshakeFailed.Reason.FORGED_ACCEPT);
        }
        byte[] th2 = Transcript.afterAccept(th1, header, enc2, ct2);
        try (Secret prk = KeySchedule.masterSecret(th2, exp1, exp2)) {
            Arrays.fill(exp2, (byte) 0);
            if (!MessageDigest.isEqual(finish, KeySchedule.relayFinish(prk, th2))) {
                throw new HandshakeFailed(HandshakeFailed.Reason.FORGED_ACCEPT);
            }
            return establish(header, body, prk);
        }
    }

    private Established establish(byte[] header, byte[] body, Secret prk) throws HandshakeFailed {
        AcceptBody granted;
        try {
            granted = AcceptBody.parse(body);
        } catch (MalformedContent _) {
            throw new HandshakeFailed(HandshakeFailed.Reason.MALFORMED_ACCEPT);
        }
        SessionId id = SessionId.read(ByteBuffer.wrap(header), Transcript.ACCEPT_HEADER_LENGTH - SessionId.LENGTH);
        Instant now = clock.instant();
        // Only the relay's clock decides: ours may be an hour off, so its end is kept as a distance from now.
        Duration offset = Duration.between(now, granted.serverTime());
        long expiresAt = granted.terms().expires().minus(offset).toEpochMilli();
        SealedSession session =
                new SealedSession(id, Role.CLIENT, KeySchedule.firstEpoch(prk), granted.terms(), expiresAt, clock);
        return new Established(session, granted.nextChallenge(), offset);
    }

    /// Gives up: erases the ephemeral key.
    @Override
    public void close() {
        over = true;
        ephemeral.close();
        Arrays.fill(exp1, (byte) 0);
    }
}

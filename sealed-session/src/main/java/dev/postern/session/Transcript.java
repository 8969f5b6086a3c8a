package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The handshake's octet strings and hashes, exactly as the protocol document spells them. Pure functions.
final class Transcript {
    static final byte[] EXPORT_LABEL = "ssp1 secret".getBytes(US_ASCII);
    static final int OPEN_HEADER_LENGTH = 4 + 2 + 3 * Short.BYTES + KeyId.LENGTH + Challenges.LENGTH;
    static final int ACCEPT_HEADER_LENGTH = 4 + 2 + SessionId.LENGTH;

    private static final byte[] MAGIC = "SSP1".getBytes(US_ASCII);
    private static final byte[] OPEN_LABEL = "ssp1 open\0".getBytes(US_ASCII);
    private static final byte[] ACCEPT_LABEL = "ssp1 accept\0".getBytes(US_ASCII);
    static final byte VERSION = 1;
    static final byte TYPE_OPEN = 1;
    static final byte TYPE_ACCEPT = 2;

    private Transcript() {}

    /// `OH`.
    static byte[] openHeader(Suite suite, KeyId keyId, byte[] challenge) {
        ByteBuffer header = ByteBuffer.allocate(OPEN_HEADER_LENGTH)
                .put(MAGIC)
                .put(VERSION)
                .put(TYPE_OPEN)
                .putShort((short) suite.kem())
                .putShort((short) Suite.KDF)
                .putShort((short) Suite.AEAD);
        keyId.write(header);
        return header.put(challenge).array();
    }

    /// `AH`.
    static byte[] acceptHeader(SessionId session) {
        ByteBuffer header = ByteBuffer.allocate(ACCEPT_HEADER_LENGTH)
                .put(MAGIC)
                .put(VERSION)
                .put(TYPE_ACCEPT);
        session.write(header);
        return header.array();
    }

    /// Whether a message begins with the magic, our version and this type.
    static boolean begins(ByteBuffer message, byte type) {
        byte[] magic = new byte[MAGIC.length];
        message.get(message.position(), magic);
        return Arrays.equals(magic, MAGIC)
                && message.get(message.position() + 4) == VERSION
                && message.get(message.position() + 5) == type;
    }

    /// `info1`.
    static byte[] openInfo(byte[] kcd, byte[] openHeader) {
        return Hashing.concatenate(OPEN_LABEL, kcd, Hashing.sha256(openHeader));
    }

    /// What `ct1` is bound to besides its key.
    static byte[] openAad(byte[] openHeader, byte[] enc1) {
        return Hashing.concatenate(openHeader, enc1);
    }

    /// `th1`.
    static byte[] afterOpen(byte[] openHeader, byte[] enc1, byte[] ct1) {
        return Hashing.sha256(openHeader, enc1, ct1);
    }

    /// `tsh`, which the proof signs.
    static byte[] proofHash(byte[] openHeader, byte[] enc1, byte[] kcd, byte[] signed) {
        return Hashing.sha256(openHeader, enc1, kcd, Hashing.sha256(signed));
    }

    /// The second encapsulation's `info`.
    static byte[] acceptInfo(byte[] th1) {
        return Hashing.concatenate(ACCEPT_LABEL, th1);
    }

    /// What `ct2` is bound to besides its key.
    static byte[] acceptAad(byte[] acceptHeader, byte[] enc2, byte[] th1) {
        return Hashing.concatenate(acceptHeader, enc2, th1);
    }

    /// `th2`.
    static byte[] afterAccept(byte[] th1, byte[] acceptHeader, byte[] enc2, byte[] ct2) {
        return Hashing.sha256(th1, acceptHeader, enc2, ct2);
    }
}

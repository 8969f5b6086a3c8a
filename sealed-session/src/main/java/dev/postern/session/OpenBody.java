package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The plaintext of OPEN: `u16 len(pkE) || pkE || u32 len(params) || params || proof`. The part before the proof is
/// what the proof signs.
final class OpenBody {
    private static final int MAX_PROOF = 4 * 1024;

    private final byte[] signed;
    private final byte[] clientKey;
    private final byte[] parameters;
    private final String proof;

    private OpenBody(byte[] signed, byte[] clientKey, byte[] parameters, String proof) {
        this.signed = signed;
        this.clientKey = clientKey;
        this.parameters = parameters;
        this.proof = proof;
    }

    static byte[] signed(byte[] clientKey, byte[] parameters) {
        return ByteBuffer.allocate(Short.BYTES + clientKey.length + Integer.BYTES + parameters.length)
                .putShort((short) clientKey.length)
                .put(clientKey)
                .putInt(parameters.length)
                .put(parameters)
                .array();
    }

    static byte[] encode(byte[] signed, String proof) {
        return Hashing.concatenate(signed, proof.getBytes(US_ASCII));
    }

    static OpenBody parse(Suite suite, byte[] body) throws MalformedContent {
        try {
            ByteBuffer in = ByteBuffer.wrap(body);
            byte[] clientKey = take(in, Short.toUnsignedInt(in.getShort()));
            byte[] parameters = take(in, in.getInt());
            byte[] signed = Arrays.copyOf(body, in.position());
            if (clientKey.length != suite.publicKeyLength() || in.remaining() > MAX_PROOF) {
                throw new MalformedContent("a key or a proof of another length");
            }
            String proof = US_ASCII.decode(in).toString();
            return new OpenBody(signed, clientKey, parameters, proof);
        } catch (BufferUnderflowException e) {
            throw new MalformedContent(e);
        }
    }

    private static byte[] take(ByteBuffer in, int length) throws MalformedContent {
        if (length < 0 || length > in.remaining()) {
            throw new MalformedContent("a length beyond the end");
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }

    byte[] signed() {
        return signed;
    }

    byte[] clientKey() {
        return clientKey;
    }

    byte[] parameters() {
        return parameters;
    }

    String proof() {
        return proof;
    }
}

package dev.postern.tlog.note;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A witness' name and the public key with which it cosigns (C2SP tlog-cosignature, Ed25519: `cosignature/v1`).
///
/// Its text form is the C2SP verifier key: `<name>+<8 hex digits of key id>+<base64(0x04 || key)>`.
public final class CosignatureVerifier {

    private final String name;
    private final byte[] raw;
    private final byte[] keyId;
    private final PublicKey key;

    private CosignatureVerifier(String name, byte[] raw, PublicKey key) {
        this.name = name;
        this.raw = raw;
        this.keyId = Ed25519.keyId(name, Ed25519.COSIGNATURE, raw);
        this.key = key;
    }

    /// A verifier of what `key` cosigns.
    ///
    /// @throws IllegalArgumentException if the name cannot stand in a note or the key is not Ed25519
    public static CosignatureVerifier of(String name, PublicKey key) {
        if (!NoteText.isName(name)) {
            throw new IllegalArgumentException("a key name has no spaces and no plus sign");
        }
        return new CosignatureVerifier(name, Ed25519.raw(key), key);
    }

    /// Reads exactly what [#toString] writes; empty for anything else.
    public static Optional<CosignatureVerifier> parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !NoteText.isName(parts[0])) {
            return Optional.empty();
        }
        Optional<byte[]> typed = NoteText.base64(parts[2])
                .filter(bytes -> bytes.length == 1 + Ed25519.KEY_LENGTH && bytes[0] == Ed25519.COSIGNATURE);
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        byte[] raw = Arrays.copyOfRange(typed.get(), 1, 1 + Ed25519.KEY_LENGTH);
        try {
            CosignatureVerifier verifier = new CosignatureVerifier(parts[0], raw, Ed25519.key(raw));
            return verifier.toString().equals(vkey) ? Optional.of(verifier) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    public String name() {
        return name;
    }

    /// The cosignature, if this line is one of this key over this text.
    ///
    /// @param text  of the checkpoint, with its last line break
    /// @param line  a signature line, without its line break
    public Optional<Cosignature> verify(String text, String line) {
        String prefix = SignedNote.SIGNATURE_PREFIX + name + " ";
        if (!line.startsWith(prefix)) {
            return Optional.empty();
        }
        return NoteText.base64(line.substring(prefix.length()))
                .filter(bytes -> bytes.length == Ed25519.KEY_ID_LENGTH + Long.BYTES + Ed25519.SIGNATURE_LENGTH)
                .filter(bytes -> Arrays.equals(keyId, Arrays.copyOf(bytes, Ed25519.KEY_ID_LENGTH)))
                .flatMap(bytes -> verify(text, line, bytes));
    }

    private Optional<Cosignature> verify(String text, String line, byte[] bytes) {
        long seconds = ByteBuffer.wrap(bytes).getLong(Ed25519.KEY_ID_LENGTH);
        byte[] signature = Arrays.copyOfRange(bytes, Ed25519.KEY_ID_LENGTH + Long.BYTES, bytes.length);
        if (seconds < 0
                || seconds > Instant.MAX.getEpochSecond()
                || !Ed25519.verify(key, message(text, seconds), signature)) {
            return Optional.empty();
        }
        return Optional.of(new Cosignature(name, Instant.ofEpochSecond(seconds), line + "\n"));
    }

    /// What is signed: two lines, then the text.
    static byte[] message(String text, long seconds) {
        return NoteText.utf8("cosignature/v1\ntime " + seconds + "\n" + text);
    }

    byte[] keyId() {
        return keyId.clone();
    }

    /// The verifier key text.
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(keyId) + "+"
                + NoteText.base64(Ed25519.concat(new byte[] {Ed25519.COSIGNATURE}, raw));
    }
}

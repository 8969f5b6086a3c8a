package dev.postern.tlog.note;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The name and the public key of who cosigns checkpoints (C2SP tlog-cosignature): of a witness, or of the log itself,
/// which signs so beside its Ed25519 signature. Ed25519 (`cosignature/v1`) or ML-DSA-44 (`subtree/v1`).
///
/// Its text form is the C2SP verifier key: `<name>+<8 hex digits of key id>+<base64(type || key)>`, where the type is
/// 0x04 or 0x06.
public final class CosignatureVerifier {

    private final String name;
    private final CosignatureType type;
    private final byte[] raw;
    private final byte[] keyId;
    private final PublicKey key;

    private CosignatureVerifier(String name, CosignatureType type, byte[] raw, PublicKey key) {
        this.name = name;
        this.type = type;
        this.raw = raw;
        this.keyId = Ed25519.keyId(name, type.code(), raw);
        this.key = key;
    }

    /// A verifier of what `key` cosigns.
    ///
    /// @throws IllegalArgumentException if the name cannot stand in a note or the key is of another kind
    public static CosignatureVerifier of(String name, PublicKey key) {
        if (!NoteText.isName(name)) {
            throw new IllegalArgumentException("a key name has no spaces and no plus sign");
        }
        CosignatureType type = CosignatureType.of(key);
        return new CosignatureVerifier(name, type, type.raw(key), key);
    }

    /// Reads exactly what [#toString] writes; empty for anything else.
    public static Optional<CosignatureVerifier> parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !NoteText.isName(parts[0])) {
            return Optional.empty();
        }
        Optional<byte[]> typed = NoteText.base64(parts[2]);
        Optional<CosignatureType> type = typed.flatMap(CosignatureType::of);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        byte[] raw = Arrays.copyOfRange(typed.get(), 1, typed.get().length);
        try {
            CosignatureVerifier verifier = new CosignatureVerifier(
                    parts[0], type.get(), raw, type.get().key(raw));
            return verifier.toString().equals(vkey) ? Optional.of(verifier) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    public String name() {
        return name;
    }

    /// `Ed25519` or `ML-DSA-44`.
    public String algorithm() {
        return type.algorithm();
    }

    /// Whether quantum computers are no help in forging its signatures.
    public boolean isPostQuantum() {
        return type == CosignatureType.ML_DSA_44;
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
                .filter(bytes -> bytes.length == Ed25519.KEY_ID_LENGTH + Long.BYTES + type.signatureLength())
                .filter(bytes -> Arrays.equals(keyId, Arrays.copyOf(bytes, Ed25519.KEY_ID_LENGTH)))
                .flatMap(bytes -> verify(text, line, bytes));
    }

    private Optional<Cosignature> verify(String text, String line, byte[] bytes) {
        long seconds = ByteBuffer.wrap(bytes).getLong(Ed25519.KEY_ID_LENGTH);
        byte[] signature = Arrays.copyOfRange(bytes, Ed25519.KEY_ID_LENGTH + Long.BYTES, bytes.length);
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            return Optional.empty();
        }
        return message(text, seconds)
                .filter(message -> type.verify(key, message, signature))
                .map(_ -> new Cosignature(name, Instant.ofEpochSecond(seconds), line + "\n"));
    }

    /// What is signed; empty for a text that cannot be.
    Optional<byte[]> message(String text, long seconds) {
        return type.message(name, text, seconds);
    }

    byte[] keyId() {
        return keyId.clone();
    }

    /// The verifier key text.
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(keyId) + "+"
                + NoteText.base64(Ed25519.concat(new byte[] {type.code()}, raw));
    }
}

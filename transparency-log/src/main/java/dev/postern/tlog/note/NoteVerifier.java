package dev.postern.tlog.note;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A name and the public key that signs for it.
///
/// Its text form is the C2SP verifier key: `<name>+<8 hex digits of key id>+<base64(0x01 || key)>`.
public final class NoteVerifier {

    private final String name;
    private final byte[] raw;
    private final byte[] keyId;
    private final PublicKey key;

    private NoteVerifier(String name, byte[] raw, PublicKey key) {
        this.name = name;
        this.raw = raw;
        this.keyId = Ed25519.keyId(name, Ed25519.ALGORITHM, raw);
        this.key = key;
    }

    /// A verifier of what `key` signs.
    ///
    /// @throws IllegalArgumentException if the name cannot stand in a note or the key is not Ed25519
    public static NoteVerifier of(String name, PublicKey key) {
        if (!NoteText.isName(name)) {
            throw new IllegalArgumentException("a key name has no spaces and no plus sign");
        }
        return new NoteVerifier(name, Ed25519.raw(key), key);
    }

    /// Reads exactly what [#toString] writes; empty for anything else.
    public static Optional<NoteVerifier> parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !NoteText.isName(parts[0])) {
            return Optional.empty();
        }
        Optional<byte[]> typed = NoteText.base64(parts[2])
                .filter(bytes -> bytes.length == 1 + Ed25519.KEY_LENGTH && bytes[0] == Ed25519.ALGORITHM);
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        byte[] raw = Arrays.copyOfRange(typed.get(), 1, 1 + Ed25519.KEY_LENGTH);
        try {
            NoteVerifier verifier = new NoteVerifier(parts[0], raw, Ed25519.key(raw));
            return verifier.toString().equals(vkey) ? Optional.of(verifier) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    public String name() {
        return name;
    }

    byte[] keyId() {
        return keyId.clone();
    }

    boolean verify(byte[] text, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_LENGTH && Ed25519.verify(key, text, signature);
    }

    /// The verifier key text.
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(keyId) + "+"
                + NoteText.base64(Ed25519.concat(new byte[] {Ed25519.ALGORITHM}, raw));
    }
}

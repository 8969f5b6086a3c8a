package dev.postern.tlog.note;

import java.nio.ByteBuffer;
import java.time.Instant;

/// Cosigns checkpoints (C2SP tlog-cosignature, Ed25519: `cosignature/v1`) with a key that stays where it is.
///
/// The signed message does not name the witness: a key must never serve under two names.
///
/// @param verifier   name and public key
/// @param signature  64 bytes of Ed25519 over the message
public record CosignatureSigner(CosignatureVerifier verifier, NoteSigner.SignatureSource signature) {

    /// The signature line, with its line break.
    ///
    /// @param text  of the checkpoint, with its last line break
    public String cosign(String text, Instant time) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a note ends with a line break");
        }
        long seconds = time.getEpochSecond();
        byte[] stamp = ByteBuffer.allocate(Long.BYTES).putLong(seconds).array();
        byte[] signed = signature.sign(CosignatureVerifier.message(text, seconds));
        return SignedNote.SIGNATURE_PREFIX + verifier.name() + " "
                + NoteText.base64(Ed25519.concat(verifier.keyId(), stamp, signed)) + "\n";
    }
}

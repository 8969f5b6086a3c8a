package dev.postern.tlog.note;

import java.nio.ByteBuffer;
import java.time.Instant;

/// Cosigns checkpoints (C2SP tlog-cosignature) with a key that stays where it is.
///
/// What Ed25519 signs does not name the witness: such a key must never serve under two names.
///
/// @param verifier   name and public key
/// @param signature  of the key's algorithm, over the message
public record CosignatureSigner(CosignatureVerifier verifier, NoteSigner.SignatureSource signature) {

    /// The signature line, with its line break.
    ///
    /// @param text  of the checkpoint, with its last line break
    public String cosign(String text, Instant time) {
        long seconds = time.getEpochSecond();
        byte[] stamp = ByteBuffer.allocate(Long.BYTES).putLong(seconds).array();
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a note ends with a line break");
        }
        byte[] signed = signature.sign(verifier.message(text, seconds)
                .orElseThrow(
                        () -> new IllegalArgumentException("the text is not one of a checkpoint that can be signed")));
        return SignedNote.SIGNATURE_PREFIX + verifier.name() + " "
                + NoteText.base64(Ed25519.concat(verifier.keyId(), stamp, signed)) + "\n";
    }
}

package dev.postern.tlog.note;

/// Signs notes with a key that stays where it is.
///
/// @param verifier   name and public key
/// @param signature  64 bytes of Ed25519 over the message
public record NoteSigner(NoteVerifier verifier, SignatureSource signature) {

    /// Asks the holder of the private key for a signature.
    @FunctionalInterface
    public interface SignatureSource {
        byte[] sign(byte[] message);
    }

    /// The note with its signature.
    ///
    /// @param text  ends with a line break
    public String sign(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a note ends with a line break");
        }
        byte[] signed = signature.sign(NoteText.utf8(text));
        return text + "\n" + SignedNote.SIGNATURE_PREFIX + verifier.name() + " "
                + NoteText.base64(Ed25519.concat(verifier.keyId(), signed)) + "\n";
    }
}

package dev.postern.tlog.note;

import java.time.Instant;
import java.util.Optional;

/// Signs notes with a key that stays where it is.
///
/// @param verifier   name and public key
/// @param signature  64 bytes of Ed25519 over the message
/// @param second     signs checkpoints as well, under the same name
public record NoteSigner(NoteVerifier verifier, SignatureSource signature, Optional<CosignatureSigner> second) {

    public NoteSigner {
        if (second.filter(signer -> !signer.verifier().name().equals(verifier.name()))
                .isPresent()) {
            throw new IllegalArgumentException("a log signs under one name");
        }
    }

    public NoteSigner(NoteVerifier verifier, SignatureSource signature) {
        this(verifier, signature, Optional.empty());
    }

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

    /// A checkpoint with its signature, and the second one if there is one: of time 0, since the log says nothing of
    /// time.
    public String sign(Checkpoint checkpoint) {
        String text = checkpoint.text();
        return sign(text)
                + second.map(signer -> signer.cosign(text, Instant.EPOCH)).orElse("");
    }
}

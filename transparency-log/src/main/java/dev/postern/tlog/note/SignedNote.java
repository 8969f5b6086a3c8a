package dev.postern.tlog.note;

import java.util.Arrays;
import java.util.Optional;

/// A text and signatures over it: the text, an empty line, and a line per signature.
public final class SignedNote {

    static final String SIGNATURE_PREFIX = "\u2014 ";

    /// The longest note that is read, in octets.
    public static final int MAX_LENGTH = 1 << 16;

    private SignedNote() {}

    /// The text of a note, whoever signed it; empty when the bytes are no note.
    public static Optional<String> text(byte[] note) {
        Optional<String> whole = note.length > MAX_LENGTH ? Optional.empty() : NoteText.utf8(note);
        return whole.filter(text -> text.endsWith("\n"))
                .map(text -> text.lastIndexOf("\n\n"))
                .filter(end -> end >= 0)
                .map(end -> whole.get().substring(0, end + 1));
    }

    /// The text, if `verifier` signed it. Signatures of others are ignored, but no line may be malformed and no
    /// signature of
    /// `verifier` may be wrong.
    public static Optional<String> open(byte[] note, NoteVerifier verifier) {
        if (note.length > MAX_LENGTH) {
            return Optional.empty();
        }
        Optional<String> whole = NoteText.utf8(note);
        int end = whole.map(text -> text.lastIndexOf("\n\n")).orElse(-1);
        if (whole.isEmpty() || end < 0 || !whole.get().endsWith("\n")) {
            return Optional.empty();
        }
        String text = whole.get().substring(0, end + 1);
        String signatures = whole.get().substring(end + 2);
        boolean signed = false;
        for (String line : signatures.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            switch (check(line, NoteText.utf8(text), verifier)) {
                case VALID -> signed = true;
                case OF_ANOTHER -> {}
                case WRONG -> {
                    return Optional.empty();
                }
            }
        }
        return signed ? Optional.of(text) : Optional.empty();
    }

    private enum Outcome {
        VALID,
        OF_ANOTHER,
        WRONG
    }

    private static Outcome check(String line, byte[] text, NoteVerifier verifier) {
        int space = line.lastIndexOf(' ');
        if (!line.startsWith(SIGNATURE_PREFIX) || space < SIGNATURE_PREFIX.length()) {
            return Outcome.WRONG;
        }
        String name = line.substring(SIGNATURE_PREFIX.length(), space);
        Optional<byte[]> signature = NoteText.base64(line.substring(space + 1));
        if (!NoteText.isName(name) || signature.isEmpty() || signature.get().length <= Ed25519.KEY_ID_LENGTH) {
            return Outcome.WRONG;
        }
        byte[] keyId = Arrays.copyOf(signature.get(), Ed25519.KEY_ID_LENGTH);
        if (!name.equals(verifier.name()) || !Arrays.equals(keyId, verifier.keyId())) {
            return Outcome.OF_ANOTHER;
        }
        byte[] bytes = Arrays.copyOfRange(signature.get(), Ed25519.KEY_ID_LENGTH, signature.get().length);
        return verifier.verify(text, bytes) ? Outcome.VALID : Outcome.WRONG;
    }
}

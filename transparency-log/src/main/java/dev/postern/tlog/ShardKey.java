package dev.postern.tlog;

import dev.postern.tlog.note.NoteVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The key by which a log is checked: the pinned one, else the one that lies beside the log.
///
/// @param verifier  absent when there is none that counts
/// @param fault     why
public record ShardKey(Optional<NoteVerifier> verifier, String fault) {

    /// A key that lies beside the log must be this log's, and the pinned one if one is pinned.
    ///
    /// @param text  the key file as found: a verifier key and a line break
    public static ShardKey choose(String origin, Optional<byte[]> text, PriorKnowledge prior) {
        Optional<NoteVerifier> pinned = prior.key(origin);
        if (text.isEmpty()) {
            return pinned.isPresent() ? new ShardKey(pinned, "") : none("the log's key is missing");
        }
        Optional<NoteVerifier> found =
                parse(text.get()).filter(key -> key.name().equals(origin));
        if (found.isEmpty()) {
            return none("the file is not the verifier key of this log");
        }
        boolean other = pinned.isPresent()
                && !pinned.get().toString().equals(found.get().toString());
        return other ? none("the key is not the one that was pinned") : new ShardKey(found, "");
    }

    private static ShardKey none(String fault) {
        return new ShardKey(Optional.empty(), fault);
    }

    private static Optional<NoteVerifier> parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.endsWith("\n") ? NoteVerifier.parse(text.substring(0, text.length() - 1)) : Optional.empty();
    }
}

package dev.postern.tlog.note;

import dev.postern.tlog.tree.Hash;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a log commits to: that its first `size` leaves have this root.
///
/// @param origin  the log's name, without a scheme
public record Checkpoint(String origin, long size, Hash root) {

    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

    public Checkpoint {
        if (origin.isEmpty() || origin.contains("\n") || size < 0) {
            throw new IllegalArgumentException("a checkpoint has a one-line origin and a size");
        }
    }

    /// The three lines that are signed.
    public String text() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }

    /// Reads [#text]; further lines (extensions) are allowed and ignored.
    public static Optional<Checkpoint> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || lines[0].isEmpty() || !SIZE.matcher(lines[1]).matches()) {
            return Optional.empty();
        }
        return NoteText.base64(lines[2])
                .filter(root -> root.length == Hash.LENGTH)
                .map(root -> new Checkpoint(lines[0], Long.parseLong(lines[1]), Hash.of(root)));
    }

    /// The checkpoint in a note that `verifier` signed; its origin must be the verifier's name.
    public static Optional<Checkpoint> open(byte[] note, NoteVerifier verifier) {
        return SignedNote.open(note, verifier)
                .flatMap(Checkpoint::parse)
                .filter(checkpoint -> checkpoint.origin().equals(verifier.name()));
    }
}

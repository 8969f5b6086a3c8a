package dev.postern.tlog.witness;

import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.tree.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The body of `POST /add-checkpoint`: the size that the witness knows, the proof that the log only grew since, an
/// empty line, and the checkpoint.
///
/// @param oldSize  of the latest checkpoint that the witness cosigned; 0 when there is none
/// @param proof    consistency proof from there (RFC 6962, section 2.1.2)
/// @param note     the signed checkpoint
@SuppressWarnings("ArrayRecordComponent") // Made or read once; never compared.
public record AddCheckpoint(long oldSize, List<Hash> proof, byte[] note) {

    /// The most lines of proof there can be.
    public static final int MAX_PROOF = 63;

    /// The longest body that is read, in octets.
    public static final int MAX_BYTES = SignedNote.MAX_LENGTH + (MAX_PROOF + 2) * 64;

    private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,17})");
    private static final String SEPARATOR = "\n\n";

    public AddCheckpoint {
        proof = List.copyOf(proof);
    }

    public byte[] bytes() {
        StringBuilder head = new StringBuilder("old ").append(oldSize).append('\n');
        proof.forEach(hash -> head.append(hash.base64()).append('\n'));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(note);
        return out.toByteArray();
    }

    /// Reads exactly what [#bytes] writes; whether the note is one is not looked at.
    public static Optional<AddCheckpoint> parse(byte[] body) {
        if (body.length > MAX_BYTES) {
            return Optional.empty();
        }
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return Optional.empty();
        }
        String[] lines = text.substring(0, end).split("\n", -1);
        Matcher old = OLD.matcher(lines[0]);
        if (!old.matches() || lines.length - 1 > MAX_PROOF) {
            return Optional.empty();
        }
        List<Hash> proof = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            Optional<Hash> hash = hash(line);
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            proof.add(hash.get());
        }
        byte[] note = Arrays.copyOfRange(body, end + SEPARATOR.length(), body.length);
        return Optional.of(new AddCheckpoint(Long.parseLong(old.group(1)), proof, note));
    }

    private static Optional<Hash> hash(String line) {
        try {
            Hash hash = Hash.of(Base64.getDecoder().decode(line));
            return hash.base64().equals(line) ? Optional.of(hash) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

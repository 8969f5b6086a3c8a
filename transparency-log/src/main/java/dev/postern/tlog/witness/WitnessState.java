package dev.postern.tlog.witness;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The latest checkpoint of each log that a witness cosigned, one file each, named by SHA-256 of the origin.
///
/// Guarantee: what [#put] returned from is there after a loss of power. A file that is no checkpoint signed by its log
/// is an error, never taken for a log that was not seen before.
///
/// @param files  where they lie
public record WitnessState(LogStorage files) {

    /// Empty for a log that was never cosigned.
    ///
    /// @param keys  of the log
    public Optional<Checkpoint> latest(String origin, List<NoteVerifier> keys) throws IOException {
        Optional<byte[]> note = files.read(name(origin));
        if (note.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(keys.stream()
                .flatMap(key -> Checkpoint.open(note.get(), key).stream())
                .findFirst()
                .orElseThrow(() -> new IOException("the record of " + origin + " in " + name(origin)
                        + " is damaged: restore it from a backup; without it this witness vouches for nothing")));
    }

    /// Replaces the log's record.
    ///
    /// @param note  the signed checkpoint
    public void put(String origin, byte[] note) throws IOException {
        files.replace(name(origin), note);
    }

    private static String name(String origin) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash) + ".checkpoint";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

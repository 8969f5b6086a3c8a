package dev.postern.cli.audit;

import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Checkpoints that somebody kept: a signed note in a file, or every file `checkpoint` below a directory, for example
/// of an older copy of the log.
public final class EarlierCheckpoints {
    /// Deep enough for `log/<origin>/checkpoint`.
    private static final int DEPTH = 8;

    private EarlierCheckpoints() {}

    /// The notes by the origin that they claim; nobody has checked a signature yet.
    ///
    /// @throws Failure when there is none
    public static Map<String, List<byte[]>> in(List<Path> places) {
        Map<String, List<byte[]>> notes = new HashMap<>();
        for (Path place : places) {
            for (Path file : files(place)) {
                byte[] note = read(file);
                Checkpoint claimed = Checkpoint.parse(new String(note, StandardCharsets.UTF_8))
                        .orElseThrow(() -> new Failure("There is no checkpoint in " + file + "."));
                notes.computeIfAbsent(claimed.origin(), _ -> new ArrayList<>()).add(note);
            }
        }
        return notes;
    }

    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.find(
                place,
                DEPTH,
                (file, attributes) -> attributes.isRegularFile() && file.endsWith(LogStorage.CHECKPOINT))) {
            List<Path> found = files.toList();
            if (found.isEmpty()) {
                throw new Failure("There is no file named checkpoint below " + place + ".");
            }
            return found;
        } catch (IOException e) {
            throw new Failure(place + " cannot be read.", e);
        }
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(ServedFiles.NOTE);
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        }
    }
}

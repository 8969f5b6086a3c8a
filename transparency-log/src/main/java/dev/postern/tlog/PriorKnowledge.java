package dev.postern.tlog;

import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a checker brings along, and so need not believe of whoever shows the logs.
///
/// @param keys         pinned keys, by origin
/// @param checkpoints  signed notes seen earlier, by origin: the logs must have grown from each of them
/// @param witnesses    who must have cosigned every checkpoint
public record PriorKnowledge(
        Map<String, NoteVerifier> keys, Map<String, List<byte[]>> checkpoints, List<CosignatureVerifier> witnesses) {

    public static final PriorKnowledge NONE = new PriorKnowledge(Map.of(), Map.of());

    public PriorKnowledge {
        keys = Map.copyOf(keys);
        checkpoints = Map.copyOf(checkpoints);
        witnesses = List.copyOf(witnesses);
    }

    public PriorKnowledge(Map<String, NoteVerifier> keys, Map<String, List<byte[]>> checkpoints) {
        this(keys, checkpoints, List.of());
    }

    /// The first witness whose cosignature a checkpoint lacks.
    public Optional<String> missingWitness(byte[] note) {
        Optional<String> text = SignedNote.text(note);
        List<String> lines = new String(note, StandardCharsets.UTF_8).lines().toList();
        return witnesses.stream()
                .filter(witness -> text.isEmpty()
                        || lines.stream()
                                .noneMatch(
                                        line -> witness.verify(text.get(), line).isPresent()))
                .map(CosignatureVerifier::name)
                .findFirst();
    }

    public Optional<NoteVerifier> key(String origin) {
        return Optional.ofNullable(keys.get(origin));
    }

    /// Whether something is known of a log that whoever shows the logs cannot have made up.
    public boolean isKnown(String origin) {
        return keys.containsKey(origin) || checkpoints.containsKey(origin);
    }

    List<byte[]> checkpoints(String origin) {
        return checkpoints.getOrDefault(origin, List.of());
    }
}

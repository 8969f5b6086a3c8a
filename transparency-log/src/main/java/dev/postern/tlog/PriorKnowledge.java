package dev.postern.tlog;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a checker brings along, and so need not believe of whoever shows the logs.
///
/// @param keys         pinned keys, by origin
/// @param checkpoints  signed notes seen earlier, by origin: the logs must have grown from each of them
/// @param witnesses    who must have cosigned every checkpoint
/// @param second       second keys of logs, by origin: the log must have signed its checkpoint with it too
public record PriorKnowledge(
        Map<String, NoteVerifier> keys,
        Map<String, List<byte[]>> checkpoints,
        List<CosignatureVerifier> witnesses,
        Map<String, CosignatureVerifier> second) {

    public static final PriorKnowledge NONE = new PriorKnowledge(Map.of(), Map.of());

    public PriorKnowledge {
        keys = Map.copyOf(keys);
        checkpoints = Map.copyOf(checkpoints);
        witnesses = List.copyOf(witnesses);
        second = Map.copyOf(second);
    }

    public PriorKnowledge(
            Map<String, NoteVerifier> keys,
            Map<String, List<byte[]>> checkpoints,
            List<CosignatureVerifier> witnesses) {
        this(keys, checkpoints, witnesses, Map.of());
    }

    public PriorKnowledge(Map<String, NoteVerifier> keys, Map<String, List<byte[]>> checkpoints) {
        this(keys, checkpoints, List.of());
    }

    /// Everybody who must have signed the checkpoint of a log beside the log's own key.
    private Stream<CosignatureVerifier> signers(String origin) {
        return Stream.concat(Optional.ofNullable(second.get(origin)).stream(), witnesses.stream());
    }

    /// Of those who must have signed a checkpoint, the second key of its log and witnesses, the first one whose
    /// signature it lacks: `signed by …` or `cosigned by …`.
    public Optional<String> missingWitness(byte[] note) {
        Optional<String> text = SignedNote.text(note);
        List<String> lines = new String(note, StandardCharsets.UTF_8).lines().toList();
        String origin = text.flatMap(Checkpoint::parse).map(Checkpoint::origin).orElse("");
        return signers(origin)
                .filter(signer -> text.isEmpty()
                        || lines.stream()
                                .noneMatch(
                                        line -> signer.verify(text.get(), line).isPresent()))
                .map(signer -> signer.name().equals(origin)
                        ? "signed by " + origin + " with " + signer.algorithm()
                        : "cosigned by " + signer.name())
                .findFirst();
    }

    /// Every log of which something is known: it must be there.
    public Set<String> origins() {
        Set<String> origins = new TreeSet<>(keys.keySet());
        origins.addAll(checkpoints.keySet());
        origins.addAll(second.keySet());
        return origins;
    }

    public Optional<NoteVerifier> key(String origin) {
        return Optional.ofNullable(keys.get(origin));
    }

    /// Whether something is known of a log that whoever shows the logs cannot have made up.
    public boolean isKnown(String origin) {
        return origins().contains(origin);
    }

    List<byte[]> checkpoints(String origin) {
        return checkpoints.getOrDefault(origin, List.of());
    }
}

package dev.postern.tlog;

import dev.postern.tlog.note.NoteVerifier;
import java.util.Map;
import java.util.Optional;

/// What a checker brings along, and so need not believe of whoever shows the logs.
///
/// @param keys         pinned keys, by origin
/// @param checkpoints  signed notes seen earlier, by origin: the logs must have grown from them
@SuppressWarnings("ArrayRecordComponent") // Notes are read, never compared.
public record PriorKnowledge(Map<String, NoteVerifier> keys, Map<String, byte[]> checkpoints) {

    public static final PriorKnowledge NONE = new PriorKnowledge(Map.of(), Map.of());

    public PriorKnowledge {
        keys = Map.copyOf(keys);
        checkpoints = Map.copyOf(checkpoints);
    }

    public Optional<NoteVerifier> key(String origin) {
        return Optional.ofNullable(keys.get(origin));
    }

    Optional<byte[]> checkpoint(String origin) {
        return Optional.ofNullable(checkpoints.get(origin));
    }
}

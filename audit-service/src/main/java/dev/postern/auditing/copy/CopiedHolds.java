package dev.postern.auditing.copy;

import dev.postern.auditing.s3.S3Bucket;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts the objects of shards under the legal holds that the root log tells of, and takes them off.
///
/// What was done last is noted in the bucket (`holds/<origin>`) once it is done with all objects, so what a crash cut
/// short is done again. For one thread.
final class CopiedHolds {
    private final S3Bucket bucket;
    private final Batches batches;
    private final Map<String, State> done = new HashMap<>();

    /// What of a shard is under a hold.
    private enum State {
        NONE,
        /// Without the partial tiles of a shard that is being written: they are not of its end.
        COMPLETE_FILES,
        ALL
    }

    CopiedHolds(S3Bucket bucket, Batches batches) {
        this.bucket = bucket;
        this.batches = batches;
    }

    /// @param name  of the shard
    /// @param ended whether all of it is in the copy
    void apply(String origin, String name, boolean held, boolean ended) throws IOException {
        State wanted = held ? (ended ? State.ALL : State.COMPLETE_FILES) : State.NONE;
        String note = "holds/" + origin;
        State known = done.get(origin);
        if (known == null) {
            known = bucket.read(note).map(CopiedHolds::state).orElse(State.NONE);
        }
        if (known != wanted) {
            String log = "log/" + origin + "/";
            List<String> objects = new ArrayList<>();
            for (String object : bucket.list(log + "tile/")) {
                boolean complete = Tile.parse(object.substring(log.length()))
                        .filter(Tile::isFull)
                        .isPresent();
                if (complete || wanted != State.COMPLETE_FILES) {
                    objects.add(object);
                }
            }
            objects.addAll(bucket.list("checkpoints/" + origin + "/"));
            objects.add("vkeys/" + name + ".vkey");
            batches.each(objects, object -> bucket.hold(object, held));
            bucket.replace(note, wanted.name().getBytes(StandardCharsets.US_ASCII));
        }
        done.put(origin, wanted);
    }

    /// A note that says nothing known is as good as none was done: everything is done again.
    private static State state(byte[] note) {
        String text = new String(note, StandardCharsets.US_ASCII);
        for (State state : State.values()) {
            if (state.name().equals(text)) {
                return state;
            }
        }
        return State.NONE;
    }
}

package dev.postern.auditing.copy;

import dev.postern.auditing.s3.S3Bucket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the objects of shards under the legal holds that the root log tells of, and takes them off.
///
/// What was done last is noted in the bucket (`holds/<origin>`) once it is done with all objects. Before the first of
/// them the note says that they are being changed, so what a failure or a crash cut short is done again, whatever is
/// wanted by then. For one thread.
final class CopiedHolds {
    /// No state: objects may be held or not.
    private static final String CHANGING = "CHANGING";

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
        if (known(origin).filter(wanted::equals).isEmpty()) {
            done.remove(origin);
            note(origin, CHANGING);
            List<String> objects = new ShardObjects(bucket, origin, name).names(wanted != State.COMPLETE_FILES);
            batches.each(objects, object -> bucket.hold(object, held));
            note(origin, wanted.name());
        }
        done.put(origin, wanted);
    }

    /// None while some objects may be held and others not.
    private Optional<State> known(String origin) throws IOException {
        State state = done.get(origin);
        return state != null
                ? Optional.of(state)
                : bucket.read(noteOf(origin)).map(CopiedHolds::state).orElse(Optional.of(State.NONE));
    }

    private void note(String origin, String text) throws IOException {
        bucket.replace(noteOf(origin), text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String noteOf(String origin) {
        return "holds/" + origin;
    }

    /// A note that says nothing known is as good as none of what it may say: everything is done again.
    private static Optional<State> state(byte[] note) {
        String text = new String(note, StandardCharsets.US_ASCII);
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(text))
                .findFirst();
    }
}

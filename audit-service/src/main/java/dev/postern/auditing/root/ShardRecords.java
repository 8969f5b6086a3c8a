package dev.postern.auditing.root;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Brings the root log up to the shards: which began, with which key, and which ended, with which checkpoint.
///
/// It looks at the files alone, so it does not matter when the service was stopped in between, nor which release
/// made the shard. The key of a shard is published only after the shard before it has its last checkpoint, so every
/// shard but the newest is final.
public final class ShardRecords {
    private final ShardFiles files;
    private final RootLog root;
    private final Clock clock;

    public ShardRecords(ShardFiles files, RootLog root, Clock clock) {
        this.files = files;
        this.root = root;
        this.clock = clock;
    }

    /// Deletes what is left of shards whose deletion was recorded, and then cut short.
    public void finishDeletions() throws IOException {
        RootState state = root.state();
        for (String shard : state.shards()) {
            if (state.shard(shard).deleted()) {
                files.delete(new ShardName(shard));
            }
        }
    }

    /// Appends what is missing. It is called again and again.
    public void bringUp() throws IOException {
        List<ShardName> shards = files.shards();
        for (ShardName name : shards) {
            RootState.Shard known = root.state().shard(name.value());
            if (known.vkey().isEmpty()) {
                recordOpening(name);
            }
            if (known.checkpoint().isEmpty() && !name.equals(shards.getLast())) {
                String checkpoint = new PublishedShard(name, files.origin(name), files.log(name))
                        .checkpoint()
                        .note();
                root.append(new RootEntry.ShardClosed(clock.instant(), name.value(), checkpoint));
            }
        }
    }

    private void recordOpening(ShardName name) throws IOException {
        Optional<String> vkey = files.vkey(name);
        if (vkey.isPresent()) {
            root.append(new RootEntry.ShardOpened(clock.instant(), name.value(), vkey.get()));
        }
    }
}

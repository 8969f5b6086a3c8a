package dev.postern.auditing.copy;

import dev.postern.auditing.s3.S3Bucket;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The objects of one shard that are kept: its tiles, its kept checkpoints, its keys.
///
/// @param name of the shard
record ShardObjects(S3Bucket bucket, String origin, String name) {
    /// As the bucket lists them now.
    ///
    /// @param partials of a shard that has ended: its partial tiles are of its end, and stay
    List<String> names(boolean partials) throws IOException {
        String log = "log/" + origin + "/";
        List<String> objects = new ArrayList<>();
        for (String object : bucket.list(log + "tile/")) {
            boolean full = Tile.parse(object.substring(log.length()))
                    .filter(Tile::isFull)
                    .isPresent();
            if (full || partials) {
                objects.add(object);
            }
        }
        objects.addAll(bucket.list("checkpoints/" + origin + "/"));
        objects.addAll(bucket.list("vkeys/" + name + "."));
        return objects;
    }
}

package dev.postern.auditing.s3;

import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/// A log's files as objects of a bucket, under the names that they have on disk.
///
/// Files that never change are made with `If-None-Match`, so that no writer replaces one, and locked as they are made.
/// `checkpoint` is replaced: it is never locked, its earlier versions stay in the bucket.
public final class S3LogStorage implements LogStorage {
    private final S3Bucket bucket;
    private final String directory;
    private final ObjectLock lock;
    private final Predicate<String> locked;

    /// @param directory with a slash at its end
    /// @param locked    which of the files that never change are locked
    public S3LogStorage(S3Bucket bucket, String directory, ObjectLock lock, Predicate<String> locked) {
        this.bucket = bucket;
        this.directory = directory;
        this.lock = lock;
        this.locked = locked;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return bucket.read(directory + path);
    }

    /// @throws AlteredCopy when something else is there
    @Override
    public void create(String path, byte[] content) throws IOException {
        Optional<ObjectLock> how = locked.test(path) ? Optional.of(lock) : Optional.empty();
        if (!bucket.make(directory + path, content, how)
                && !read(path).filter(there -> Arrays.equals(there, content)).isPresent()) {
            throw new AlteredCopy("refusing to change " + directory + path + ": published files never change");
        }
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        bucket.replace(directory + path, content);
    }

    /// They are hidden: in a bucket with versions nothing else can be asked for.
    @Override
    public void deletePartials(Tile full) throws IOException {
        for (String name : bucket.list(directory + full.partialsPath() + "/")) {
            bucket.hide(name);
        }
    }
}

package dev.postern.auditing.s3;

import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract, in a directory.
class PosixStorageTest extends LogStorageContract {
    @TempDir
    Path home;

    @Override
    LogStorage storage() {
        return new LogDirectory(home.resolve("log"));
    }
}

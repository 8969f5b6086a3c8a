package dev.postern.vault;

import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class WrappedSetFilesTest extends WrappedSetsContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Override
    WrappedSets sets() {
        return new WrappedSetFiles(directory);
    }
}

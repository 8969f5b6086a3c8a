package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Wrapped sets as files beside the keyset, `NAME.json` each. For one process at a time: it is the one that holds the
/// keyset. Safe for any of its threads.
public final class WrappedSetFiles implements WrappedSets {
    private final Path directory;

    public WrappedSetFiles(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    @Override
    public synchronized Optional<byte[]> read(String name) {
        try {
            return Optional.of(Files.readAllBytes(file(name)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "The file " + file(name) + " cannot be read.", e);
        }
    }

    @Override
    public synchronized boolean replace(String name, byte @Nullable [] expected, byte[] content) {
        if (!Arrays.equals(read(name).orElse(null), expected)) {
            return false;
        }
        try {
            new DurableFile(file(name), DurableFile.Audience.OWNER).replace(content);
            return true;
        } catch (IOException e) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "The file " + file(name) + " cannot be written.", e);
        }
    }

    @Override
    public String placeOf(String name) {
        return file(name).toString();
    }

    /// Names are bounded as those of keys are.
    private Path file(String name) {
        return directory.resolve(KeyName.wrapping(name).value() + ".json");
    }
}

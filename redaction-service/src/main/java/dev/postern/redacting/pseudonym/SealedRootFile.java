package dev.postern.redacting.pseudonym;

import dev.postern.kms.DurableFile;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The root keys in a file, wrapped by key management.
///
/// Guarantee: a file that was altered, or that another key management wrapped, is an error and is left alone; never a
/// fresh start that nobody notices.
public final class SealedRootFile implements RootStore {
    private static final KeyName WRAPPING = KeyName.wrapping("pseudonym");
    private static final byte[] CONTEXT = "postern pseudonym roots 1".getBytes(StandardCharsets.US_ASCII);

    private final KeyManagement kms;
    private final DurableFile file;

    public SealedRootFile(KeyManagement kms, Path file) {
        this.kms = kms;
        this.file = new DurableFile(file, DurableFile.Audience.OWNER);
    }

    @Override
    public Optional<byte[]> read() {
        if (!Files.exists(file.path())) {
            return Optional.empty();
        }
        try {
            return Optional.of(kms.unwrap(WRAPPING, Files.readAllBytes(file.path()), CONTEXT));
        } catch (IOException e) {
            throw new UncheckedIOException("The pseudonym roots in " + file.path() + " cannot be read.", e);
        }
    }

    @Override
    public void write(byte[] keys) {
        try {
            file.replace(kms.wrap(WRAPPING, keys, CONTEXT));
        } catch (IOException e) {
            throw new UncheckedIOException("The pseudonym roots in " + file.path() + " cannot be written.", e);
        }
    }
}

package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Key management for one machine: a keyset file, sealed with AES-256-GCM under a key from PBKDF2-HMAC-SHA256 of a
/// passphrase.
///
/// Guarantees: each new key is on disk before its first use; the file is replaced atomically; one process at a time
/// holds it. A file that does not open is an error, and never replaced by a new one. Not guaranteed: protection
/// from whoever can read both the file and the passphrase, or this process' memory.
///
/// Safe for any thread: one lock guards the keyset; work with a key runs outside it.
public final class LocalKeyManagement implements KeyManagement, AutoCloseable {
    private static final byte WRAP_VERSION = 1;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    /// The first generation; rotation of wrapping keys counts up from here.
    private static final int FIRST_GENERATION = 1;

    private final SealedKeyset keyset;
    private final FileChannel lockFile;
    private final SecureRandom random;
    private final Object lock = new Object();

    private LocalKeyManagement(SealedKeyset keyset, FileChannel lockFile, SecureRandom random) {
        this.keyset = keyset;
        this.lockFile = lockFile;
        this.random = random;
    }

    /// Opens the keyset, or makes an empty one where no file is.
    ///
    /// @throws KeyManagementException with one sentence: wrong passphrase, altered, unreadable, or in use elsewhere
    public static LocalKeyManagement open(Path sealedKeysetFile, Passphrase passphrase, SecureRandom random) {
        DurableFile file = new DurableFile(sealedKeysetFile, DurableFile.Audience.OWNER);
        FileChannel lockFile = hold(file.path());
        try {
            SealedKeyset keyset = Files.exists(file.path())
                    ? SealedKeyset.read(file, passphrase, random)
                    : SealedKeyset.create(file, passphrase, random);
            return new LocalKeyManagement(keyset, lockFile, random);
        } catch (RuntimeException e) {
            release(lockFile);
            throw e;
        }
    }

    @Override
    public byte[] wrap(KeyName key, byte[] plaintext, byte[] context) {
        HeldKey.Wrapping wrapping = wrapping(key, key(key));
        try {
            byte[] sealed = Aes256Gcm.seal(wrapping.secret(), plaintext, associated(key, context), random);
            return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                    .put(WRAP_VERSION)
                    .putInt(FIRST_GENERATION)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        HeldKey held;
        synchronized (lock) {
            held = keyset.keys.get(key);
        }
        if (held == null) {
            throw new KeyManagementException(
                    Reason.UNKNOWN_KEY,
                    "The keyset has no key " + key.value() + ": it is not the one that wrapped this.");
        }
        HeldKey.Wrapping wrapping = wrapping(key, held);
        ByteBuffer header = ByteBuffer.wrap(wrapped);
        if (wrapped.length < HEADER_BYTES || header.get() != WRAP_VERSION || header.getInt() != FIRST_GENERATION) {
            throw notAuthentic(key, null);
        }
        byte[] sealed = new byte[header.remaining()];
        header.get(sealed);
        try {
            return Aes256Gcm.open(wrapping.secret(), sealed, associated(key, context));
        } catch (GeneralSecurityException e) {
            throw notAuthentic(key, e);
        }
    }

    @Override
    public byte[] sign(KeyName key, byte[] message) {
        HeldKey.Signing signing = signing(key);
        try {
            Signature signature = Signature.getInstance(
                    signing.kind() == KeyKind.SIGNING_ED25519 ? "Ed25519" : "SHA256withECDSAinP1363Format");
            signature.initSign(signing.secret(), random);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519 and P-256", e);
        }
    }

    @Override
    public PublicKey publicKey(KeyName key) {
        return signing(key).open();
    }

    /// Lets another process have the file.
    @Override
    public void close() {
        release(lockFile);
    }

    private HeldKey key(KeyName name) {
        synchronized (lock) {
            HeldKey held = keyset.keys.get(name);
            if (held == null) {
                try {
                    held = HeldKey.generate(name.kind(), random);
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("every JDK has AES, Ed25519 and P-256", e);
                }
                keyset.add(name, held);
            }
            return held;
        }
    }

    private HeldKey.Signing signing(KeyName name) {
        if (name.kind() == KeyKind.WRAPPING || !(key(name) instanceof HeldKey.Signing signing)) {
            throw wrongKind(name);
        }
        return signing;
    }

    private static HeldKey.Wrapping wrapping(KeyName name, HeldKey held) {
        if (held instanceof HeldKey.Wrapping wrapping) {
            return wrapping;
        }
        throw wrongKind(name);
    }

    private static KeyManagementException wrongKind(KeyName name) {
        return new KeyManagementException(
                Reason.WRONG_KIND, "The key " + name.value() + " is of kind " + name.kind() + " and does other work.");
    }

    private static KeyManagementException notAuthentic(KeyName name, @Nullable Throwable cause) {
        String sentence = "The value was altered, or not wrapped by key " + name.value() + " for this use.";
        return cause == null
                ? new KeyManagementException(Reason.NOT_AUTHENTIC, sentence)
                : new KeyManagementException(Reason.NOT_AUTHENTIC, sentence, cause);
    }

    /// Binds a wrapped value to the key's name and to what it is for; the length keeps the two apart.
    private static byte[] associated(KeyName key, byte[] context) {
        byte[] name = key.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 * Byte.BYTES + Integer.BYTES + name.length + context.length)
                .put(WRAP_VERSION)
                .putInt(FIRST_GENERATION)
                .put((byte) name.length)
                .put(name)
                .put(context)
                .array();
    }

    private static FileChannel hold(Path file) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Files.createDirectories(
                    path.resolveSibling("."),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock held = tryLock(channel);
            if (held == null) {
                release(channel);
                throw new KeyManagementException(
                        Reason.UNAVAILABLE, "The keyset file " + file + " is in use by another process.");
            }
            return channel;
        } catch (IOException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The directory of keyset file " + file + " cannot be used.", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static void release(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // The operating system lets go of the lock when the process ends.
        }
    }
}

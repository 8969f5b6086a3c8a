package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Key management for one machine: a keyset file, sealed with AES-256-GCM under a key from PBKDF2-HMAC-SHA256 of a
/// passphrase.
///
/// Guarantees: each new key and version is on disk before its first use; the file is replaced atomically; one process
/// at a time
/// holds it. A file that does not open is an error, and never replaced by a new one. Not guaranteed: protection
/// from whoever can read both the file and the passphrase, or this process' memory.
///
/// Safe for any thread: one lock guards the keyset; work with a key runs outside it.
public final class LocalKeyManagement implements KeyManagement, AutoCloseable {
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
        requireWrapping(key);
        Map.Entry<Integer, HeldKey> newest = newest(key);
        int version = newest.getKey();
        try {
            byte[] sealed = Aes256Gcm.seal(
                    wrapping(key, newest.getValue()).secret(), plaintext, associated(key, version, context), random);
            return WrappedValue.encode(WrappedValue.Form.KEYSET, version, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        requireWrapping(key);
        NavigableMap<Integer, HeldKey> versions = known(key);
        WrappedValue value =
                WrappedValue.parse(wrapped, WrappedValue.Form.KEYSET).orElseThrow(() -> notAuthentic(key, null));
        HeldKey.Wrapping wrapping = wrapping(key, version(key, versions, value.version(), Reason.NOT_AUTHENTIC));
        try {
            return Aes256Gcm.open(wrapping.secret(), value.sealed(), associated(key, value.version(), context));
        } catch (GeneralSecurityException e) {
            throw notAuthentic(key, e);
        }
    }

    @Override
    public byte[] rewrap(KeyName key, byte[] wrapped, byte[] context) {
        byte[] plaintext = unwrap(key, wrapped, context);
        try {
            return wrap(key, plaintext, context);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
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

    @Override
    public PublicKey publicKey(KeyName key, int version) {
        requireSigning(key);
        return signing(key, version(key, known(key), version, Reason.UNKNOWN_KEY))
                .open();
    }

    @Override
    public KeyVersions versions(KeyName key) {
        return range(known(key));
    }

    @Override
    public KeyVersions rotate(KeyName key) {
        synchronized (lock) {
            NavigableMap<Integer, HeldKey> next = new TreeMap<>(known(key));
            next.put(next.lastKey() + 1, generate(key));
            keyset.put(key, next);
            return range(next);
        }
    }

    @Override
    public KeyVersions destroyBefore(KeyName key, int oldest) {
        synchronized (lock) {
            NavigableMap<Integer, HeldKey> versions = known(key);
            range(versions).requireCanBeginAt(oldest);
            if (versions.firstKey() >= oldest) {
                return range(versions);
            }
            NavigableMap<Integer, HeldKey> left = new TreeMap<>(versions.tailMap(oldest, true));
            keyset.put(key, left);
            return range(left);
        }
    }

    /// Lets another process have the file.
    @Override
    public void close() {
        release(lockFile);
    }

    /// Makes the key where there is none.
    private Map.Entry<Integer, HeldKey> newest(KeyName name) {
        synchronized (lock) {
            NavigableMap<Integer, HeldKey> versions = keyset.keys.get(name);
            if (versions == null) {
                versions = new TreeMap<>(Map.of(SealedKeyset.FIRST_VERSION, generate(name)));
                keyset.put(name, versions);
            }
            return versions.lastEntry();
        }
    }

    /// Maps are replaced, never changed, so this one may be read outside the lock.
    private NavigableMap<Integer, HeldKey> known(KeyName name) {
        synchronized (lock) {
            NavigableMap<Integer, HeldKey> versions = keyset.keys.get(name);
            if (versions == null) {
                throw new KeyManagementException(
                        Reason.UNKNOWN_KEY,
                        "The keyset has no key " + name.value() + ": it is not the one that made it.");
            }
            return versions;
        }
    }

    private static HeldKey version(
            KeyName name, NavigableMap<Integer, HeldKey> versions, int version, Reason neverMade) {
        HeldKey held = versions.get(version);
        if (held != null) {
            return held;
        }
        if (version >= 1 && version < versions.firstKey()) {
            throw new KeyManagementException(
                    Reason.DESTROYED_VERSION, "Version " + version + " of key " + name.value() + " was destroyed.");
        }
        throw new KeyManagementException(
                neverMade, "The key " + name.value() + " never had a version " + version + ".");
    }

    private static KeyVersions range(NavigableMap<Integer, HeldKey> versions) {
        return new KeyVersions(versions.firstKey(), versions.lastKey());
    }

    private HeldKey generate(KeyName name) {
        try {
            return HeldKey.generate(name.kind(), random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES, Ed25519 and P-256", e);
        }
    }

    private HeldKey.Signing signing(KeyName name) {
        requireSigning(name);
        return signing(name, newest(name).getValue());
    }

    // By the name's kind, before a key is made for nothing.
    private static void requireWrapping(KeyName name) {
        if (name.kind() != KeyKind.WRAPPING) {
            throw wrongKind(name);
        }
    }

    private static void requireSigning(KeyName name) {
        if (name.kind() == KeyKind.WRAPPING) {
            throw wrongKind(name);
        }
    }

    private static HeldKey.Signing signing(KeyName name, HeldKey held) {
        if (held instanceof HeldKey.Signing signing) {
            return signing;
        }
        throw wrongKind(name);
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

    private static byte[] associated(KeyName key, int version, byte[] context) {
        return WrappedValue.associated(WrappedValue.Form.KEYSET, key, version, context);
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

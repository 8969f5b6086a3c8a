package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The keyset on disk: JSON with the parameters of PBKDF2-HMAC-SHA256 in the clear and the keys under AES-256-GCM.
/// The parameters are authenticated with the keys, and are refused below today's floor, so nobody can weaken a file
/// unseen.
///
/// Format 2 has versions of keys. Format 1 had one of each: such a file is read as it is, and is written as format 2
/// with the next change. A program that knows format 1 only refuses format 2 instead of losing versions.
///
/// Owned by one [LocalKeyManagement]; not safe for several threads.
final class SealedKeyset {
    private static final String FORMAT = "postern-keyset-2";
    private static final Set<String> READABLE = Set.of("postern-keyset-1", FORMAT);
    static final int FIRST_VERSION = 1;
    private static final String KDF = "PBKDF2-HMAC-SHA256";
    /// OWASP's figure for PBKDF2-HMAC-SHA256.
    private static final int ITERATIONS = 600_000;
    private static final int MOST_ITERATIONS = 20_000_000;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;

    private record Envelope(String format, String kdf, int iterations, String salt, String sealed) {}

    private record Keyset(List<Entry> keys) {}

    /// @param version absent in format 1
    private record Entry(
            String name, KeyKind kind, @Nullable Integer version, String secret, String open) {
        @Override
        public String toString() {
            return "Entry[" + name + "]";
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DurableFile file;
    private final SecureRandom random;
    private final byte[] salt;
    private final int iterations;
    private final SecretKey sealingKey;
    /// By version; no key is without one.
    final Map<KeyName, NavigableMap<Integer, HeldKey>> keys;

    private SealedKeyset(
            DurableFile file,
            SecureRandom random,
            byte[] salt,
            int iterations,
            SecretKey sealingKey,
            Map<KeyName, NavigableMap<Integer, HeldKey>> keys) {
        this.file = file;
        this.random = random;
        this.salt = salt;
        this.iterations = iterations;
        this.sealingKey = sealingKey;
        this.keys = keys;
    }

    /// A new, empty keyset, on disk on return.
    static SealedKeyset create(DurableFile file, Passphrase passphrase, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        SealedKeyset keyset =
                new SealedKeyset(file, random, salt, ITERATIONS, derive(passphrase, salt, ITERATIONS), new HashMap<>());
        keyset.write(Map.of());
        return keyset;
    }

    static SealedKeyset read(DurableFile file, Passphrase passphrase, SecureRandom random) {
        Envelope envelope = envelope(file.path());
        try {
            byte[] salt = Base64.getDecoder().decode(envelope.salt());
            SecretKey sealingKey = derive(passphrase, salt, envelope.iterations());
            byte[] opened = Aes256Gcm.open(
                    sealingKey,
                    Base64.getDecoder().decode(envelope.sealed()),
                    associated(envelope.format(), envelope.iterations(), salt));
            Map<KeyName, NavigableMap<Integer, HeldKey>> keys = new HashMap<>();
            for (Entry entry : JSON.readValue(opened, Keyset.class).keys()) {
                keys.computeIfAbsent(new KeyName(entry.name(), entry.kind()), _ -> new TreeMap<>())
                        .put(
                                entry.version() == null ? FIRST_VERSION : entry.version(),
                                HeldKey.restore(
                                        entry.kind(),
                                        Base64.getDecoder().decode(entry.secret()),
                                        Base64.getDecoder().decode(entry.open())));
            }
            Arrays.fill(opened, (byte) 0);
            return new SealedKeyset(file, random, salt, envelope.iterations(), sealingKey, keys);
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException e) {
            throw new KeyManagementException(
                    Reason.SEALED,
                    "The keyset file " + file.path()
                            + " does not open: the passphrase is wrong or the file was altered;"
                            + " restore both from the same backup.",
                    e);
        }
    }

    /// Puts other versions of a key in place of those there are. They count only once they are on disk.
    void put(KeyName name, NavigableMap<Integer, HeldKey> versions) {
        Map<KeyName, NavigableMap<Integer, HeldKey>> next = new HashMap<>(keys);
        next.put(name, versions);
        write(next);
        keys.put(name, versions);
    }

    private void write(Map<KeyName, NavigableMap<Integer, HeldKey>> content) {
        List<Entry> entries = new ArrayList<>();
        content.forEach((name, versions) -> versions.forEach((version, key) -> entries.add(
                new Entry(name.value(), name.kind(), version, base64(key.secretBytes()), base64(key.openBytes())))));
        byte[] plain = JSON.writeValueAsBytes(new Keyset(entries));
        try {
            byte[] sealed = Aes256Gcm.seal(sealingKey, plain, associated(FORMAT, iterations, salt), random);
            file.replace(JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(new Envelope(FORMAT, KDF, iterations, base64(salt), base64(sealed))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        } catch (IOException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The keyset file " + file.path() + " cannot be written.", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Envelope envelope(Path path) {
        Envelope envelope;
        try {
            envelope = JSON.readValue(Files.readAllBytes(path), Envelope.class);
        } catch (IOException e) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "The keyset file " + path + " cannot be read.", e);
        } catch (JacksonException e) {
            throw damaged(path, e);
        }
        if (envelope == null
                || envelope.format() == null
                || !READABLE.contains(envelope.format())
                || !KDF.equals(envelope.kdf())
                || envelope.iterations() < ITERATIONS
                || envelope.iterations() > MOST_ITERATIONS) {
            throw damaged(path, new IOException("not a keyset of this format"));
        }
        return envelope;
    }

    private static KeyManagementException damaged(Path path, Exception cause) {
        return new KeyManagementException(
                Reason.SEALED, "The file " + path + " is not a keyset file: restore it from a backup.", cause);
    }

    private static SecretKey derive(Passphrase passphrase, byte[] salt, int iterations) {
        char[] characters = passphrase.reveal();
        PBEKeySpec spec = new PBEKeySpec(characters, salt, iterations, KEY_BITS);
        try {
            return new SecretKeySpec(
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded(),
                    "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(characters, '\0');
        }
    }

    private static byte[] associated(String format, int iterations, byte[] salt) {
        return (format + "|" + KDF + "|" + iterations + "|" + base64(salt)).getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

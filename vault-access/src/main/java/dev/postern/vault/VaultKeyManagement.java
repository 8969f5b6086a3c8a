package dev.postern.vault;

import dev.postern.kms.KeyKind;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import dev.postern.kms.WrappedValue;
import dev.postern.vault.VaultMetrics.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Key management by the transit engine of a Vault or OpenBao: keys are made there, not exportable, and never leave.
///
/// A wrapping key is a *derived* one: each context has an AES-256-GCM key of its own (HKDF-SHA256 of the transit key
/// and the context). That binds a value to its context as associated data would, and, unlike that, lets the server
/// rewrap it.
///
/// Guarantees: those of [KeyManagement]; a key at the server that is exportable, not derived or of another type is
/// refused, not used. Each operation is one call, and one more at the first use of a key by this process.
final class VaultKeyManagement implements KeyManagement {
    private static final Pattern VERSIONED = Pattern.compile("vault:v([1-9][0-9]{0,8}):([A-Za-z0-9+/=_-]+)");
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final VaultLink link;
    private final String mount;
    private final String prefix;
    /// Keys that were seen to be there and to be what they should.
    private final Set<KeyName> seen = ConcurrentHashMap.newKeySet();

    /// @param mount where the transit engine is
    /// @param prefix begins the name of every key there, so that a policy can tell services apart
    VaultKeyManagement(VaultLink link, String mount, String prefix) {
        this.link = link;
        this.mount = mount;
        this.prefix = prefix;
    }

    @Override
    public byte[] wrap(KeyName key, byte[] plaintext, byte[] context) {
        requireWrapping(key);
        ensure(key);
        try {
            Map<String, Object> answer = link.write(
                    Operation.WRAP,
                    path("encrypt", key),
                    Map.of("plaintext", BASE64.encodeToString(plaintext), "context", context(key, context)));
            return wrapped(VaultLink.text(answer, "ciphertext"));
        } catch (VaultRejected rejected) {
            seen.remove(key);
            throw VaultLink.unexpected(rejected);
        }
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        requireWrapping(key);
        Map<String, Object> answer = opened(Operation.UNWRAP, "decrypt", key, wrapped, context);
        return Base64.getDecoder().decode(VaultLink.text(answer, "plaintext"));
    }

    @Override
    public byte[] rewrap(KeyName key, byte[] wrapped, byte[] context) {
        requireWrapping(key);
        return wrapped(VaultLink.text(opened(Operation.REWRAP, "rewrap", key, wrapped, context), "ciphertext"));
    }

    @Override
    public byte[] sign(KeyName key, byte[] message) {
        requireSigning(key);
        ensure(key);
        boolean p256 = key.kind() == KeyKind.SIGNING_P256;
        // Spring Vault's typed request has no marshaling algorithm; `jws` is R and S as JOSE wants them.
        Map<String, String> body = p256
                ? Map.of(
                        "input", BASE64.encodeToString(message),
                        "hash_algorithm", "sha2-256",
                        "marshaling_algorithm", "jws")
                : Map.of("input", BASE64.encodeToString(message));
        try {
            Matcher parts = versioned(VaultLink.text(link.write(Operation.SIGN, path("sign", key), body), "signature"));
            Base64.Decoder decoder = p256 ? Base64.getUrlDecoder() : Base64.getDecoder();
            return decoder.decode(parts.group(2));
        } catch (VaultRejected rejected) {
            seen.remove(key);
            throw VaultLink.unexpected(rejected);
        }
    }

    @Override
    public PublicKey publicKey(KeyName key) {
        requireSigning(key);
        ensure(key);
        TransitKey known = known(key);
        return known.publicKey(known.versions().newest());
    }

    @Override
    public PublicKey publicKey(KeyName key, int version) {
        requireSigning(key);
        TransitKey known = known(key);
        KeyVersions versions = known.versions();
        if (version < 1 || version > versions.newest()) {
            throw new KeyManagementException(
                    Reason.UNKNOWN_KEY, "The key " + key.value() + " never had a version " + version + ".");
        }
        if (version < versions.oldest()) {
            throw destroyed(key, version);
        }
        return known.publicKey(version);
    }

    @Override
    public KeyVersions versions(KeyName key) {
        return known(key).versions();
    }

    @Override
    public KeyVersions rotate(KeyName key) {
        var _ = known(key);
        try {
            var _ = link.write(Operation.ROTATE, path("keys", key) + "/rotate", Map.of());
        } catch (VaultRejected rejected) {
            throw VaultLink.unexpected(rejected);
        }
        return versions(key);
    }

    @Override
    public KeyVersions destroyBefore(KeyName key, int oldest) {
        TransitKey known = known(key);
        known.versions().requireCanBeginAt(oldest);
        try {
            if (known.versions().oldest() < oldest) {
                // The server trims only what it could no longer be asked to use.
                var _ = link.write(
                        Operation.DESTROY,
                        path("keys", key) + "/config",
                        Map.of("min_decryption_version", oldest, "min_encryption_version", oldest));
            }
            if (known.firstKept() < oldest) {
                var _ = link.write(
                        Operation.DESTROY, path("keys", key) + "/trim", Map.of("min_available_version", oldest));
            }
        } catch (VaultRejected rejected) {
            throw VaultLink.unexpected(rejected);
        }
        return versions(key);
    }

    private Map<String, Object> opened(Operation operation, String verb, KeyName key, byte[] wrapped, byte[] context) {
        WrappedValue value = WrappedValue.parse(wrapped, WrappedValue.Form.TRANSIT)
                .orElseThrow(() -> refused(key, known(key).versions().newest(), null));
        String ciphertext = "vault:v" + value.version() + ":" + BASE64.encodeToString(value.sealed());
        try {
            return link.write(
                    operation, path(verb, key), Map.of("ciphertext", ciphertext, "context", context(key, context)));
        } catch (VaultRejected rejected) {
            throw refused(key, value.version(), rejected);
        }
    }

    /// Why a value did not open. Asks what there is of the key instead of reading the server's sentence.
    private KeyManagementException refused(KeyName key, int version, @Nullable VaultRejected rejected) {
        if (version < known(key).versions().oldest()) {
            return destroyed(key, version);
        }
        String sentence = "The value was altered, or not wrapped by key " + key.value() + " for this use.";
        return rejected == null
                ? new KeyManagementException(Reason.NOT_AUTHENTIC, sentence)
                : new KeyManagementException(Reason.NOT_AUTHENTIC, sentence, rejected);
    }

    /// Makes the key where there is none. Two processes may do so at once: the server keeps the first.
    private void ensure(KeyName key) {
        if (seen.contains(key)) {
            return;
        }
        String path = path("keys", key);
        if (link.read(Operation.READ_KEY, path).isEmpty()) {
            try {
                var _ = link.write(Operation.CREATE_KEY, path, TransitKey.request(key.kind()));
            } catch (VaultRejected rejected) {
                throw VaultLink.unexpected(rejected);
            }
        }
        var _ = known(key);
    }

    private TransitKey known(KeyName key) {
        TransitKey known = link.read(Operation.READ_KEY, path("keys", key))
                .map(data -> TransitKey.of(key, data))
                .orElseThrow(() -> new KeyManagementException(
                        Reason.UNKNOWN_KEY,
                        "The Vault has no key " + path("keys", key) + ": it is not the one that made it."));
        seen.add(key);
        return known;
    }

    private String path(String verb, KeyName key) {
        return mount + "/" + verb + "/" + prefix + "." + TransitKey.label(key.kind()) + "." + key.value();
    }

    private static byte[] wrapped(String ciphertext) {
        Matcher parts = versioned(ciphertext);
        return WrappedValue.encode(
                WrappedValue.Form.TRANSIT,
                Integer.parseInt(parts.group(1)),
                Base64.getDecoder().decode(parts.group(2)));
    }

    private static Matcher versioned(String text) {
        Matcher parts = VERSIONED.matcher(text);
        if (!parts.matches()) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "The Vault's answer has a form that is not known.");
        }
        return parts;
    }

    /// Never empty, as a derived key demands; the name has no such sign, which keeps the two apart.
    private static String context(KeyName key, byte[] context) {
        byte[] name = (key.value() + "|").getBytes(StandardCharsets.US_ASCII);
        return BASE64.encodeToString(ByteBuffer.allocate(name.length + context.length)
                .put(name)
                .put(context)
                .array());
    }

    private static void requireWrapping(KeyName key) {
        if (key.kind() != KeyKind.WRAPPING) {
            throw wrongKind(key);
        }
    }

    private static void requireSigning(KeyName key) {
        if (key.kind() == KeyKind.WRAPPING) {
            throw wrongKind(key);
        }
    }

    private static KeyManagementException wrongKind(KeyName key) {
        return new KeyManagementException(
                Reason.WRONG_KIND, "The key " + key.value() + " is of kind " + key.kind() + " and does other work.");
    }

    private static KeyManagementException destroyed(KeyName key, int version) {
        return new KeyManagementException(
                Reason.DESTROYED_VERSION, "Version " + version + " of key " + key.value() + " was destroyed.");
    }
}

package dev.postern.vault;

import dev.postern.kms.KeyKind;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// What the server says of a key: no secret among it.
///
/// @param firstKept the oldest version that is still stored, usable or not
/// @param publicKeys per version, as the server writes them
record TransitKey(KeyName name, KeyVersions versions, int firstKept, Map<?, ?> publicKeys) {
    /// What comes before the 32 octets of an Ed25519 key in its X.509 form (RFC 8410).
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /// @throws KeyManagementException if it is not what this library makes: of another type, or one that has a way out
    static TransitKey of(KeyName name, Map<String, Object> data) {
        boolean derived = Boolean.TRUE.equals(data.get("derived"));
        if (!type(name.kind()).equals(data.get("type")) || derived != (name.kind() == KeyKind.WRAPPING)) {
            throw new KeyManagementException(
                    Reason.WRONG_KIND, "The key " + name.value() + " at the Vault is not of kind " + name.kind() + ".");
        }
        if (!Boolean.FALSE.equals(data.get("exportable"))
                || !Boolean.FALSE.equals(data.get("allow_plaintext_backup"))) {
            throw new KeyManagementException(
                    Reason.WRONG_KIND,
                    "The key " + name.value() + " at the Vault can be exported: it was not made by this service.");
        }
        int newest = VaultLink.number(data, "latest_version");
        int usable = Math.max(1, VaultLink.number(data, "min_decryption_version"));
        int kept = Math.max(1, VaultLink.number(data, "min_available_version"));
        if (!(data.get("keys") instanceof Map<?, ?> keys)) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "The Vault's answer has no keys.");
        }
        return new TransitKey(name, new KeyVersions(usable, newest), kept, keys);
    }

    /// Not exportable is the server's default, and a policy forbids a service to name those settings.
    static Map<String, Object> request(KeyKind kind) {
        return kind == KeyKind.WRAPPING ? Map.of("type", type(kind), "derived", true) : Map.of("type", type(kind));
    }

    /// Keeps keys of one name and several kinds apart at the server.
    static String label(KeyKind kind) {
        return switch (kind) {
            case WRAPPING -> "wrapping";
            case SIGNING_ED25519 -> "ed25519";
            case SIGNING_P256 -> "p256";
        };
    }

    PublicKey publicKey(int version) {
        if (!(publicKeys.get(String.valueOf(version)) instanceof Map<?, ?> entry)
                || !(entry.get("public_key") instanceof String text)) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The Vault's answer has no version " + version + " of " + name.value() + ".");
        }
        try {
            return name.kind() == KeyKind.SIGNING_P256
                    ? publicKey("EC", Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "")))
                    : publicKey("Ed25519", ed25519(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The Vault's answer has no readable public key of " + name.value() + ".", e);
        }
    }

    private static PublicKey publicKey(String algorithm, byte[] x509) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(x509));
    }

    private static byte[] ed25519(byte[] raw) {
        byte[] x509 = new byte[ED25519_PREFIX.length + raw.length];
        System.arraycopy(ED25519_PREFIX, 0, x509, 0, ED25519_PREFIX.length);
        System.arraycopy(raw, 0, x509, ED25519_PREFIX.length, raw.length);
        return x509;
    }

    private static String type(KeyKind kind) {
        return switch (kind) {
            case WRAPPING -> "aes256-gcm96";
            case SIGNING_ED25519 -> "ed25519";
            case SIGNING_P256 -> "ecdsa-p256";
        };
    }
}

package dev.postern.relay.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// Seals a result so that only who knows the request's `msg_id` can open it, and names it so that its name tells
/// nothing of the id: AES-256-GCM under HKDF-SHA256 of the id, bound to tenant and client.
///
/// Whoever holds Redis, its disk or a backup holds ciphertext; whoever sends the same request again, to any replica,
/// brings the key along.
final class SealedResult {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String AES_GCM = "AES/GCM/NoPadding";

    private final Effect effect;
    private final String name;

    SealedResult(Effect effect) {
        this.effect = effect;
        this.name = "postern:effect:" + hash(info("name", effect) + effect.messageId());
    }

    /// The key in Redis.
    String name() {
        return name;
    }

    /// How long the text is that [#seal] gives.
    static int length(Result result) {
        return (NONCE + result.size() + TAG_BITS / 8 + 2) / 3 * 4;
    }

    String seal(Result result, SecureRandom random) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        sealed.writeBytes(nonce);
        try {
            sealed.writeBytes(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(result.toBytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM and HKDF", e);
        }
        return Base64.getEncoder().encodeToString(sealed.toByteArray());
    }

    /// Empty when it is not what was sealed under this id.
    Optional<Result> open(String text) {
        try {
            byte[] sealed = Base64.getDecoder().decode(text);
            if (sealed.length <= NONCE) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOf(sealed, NONCE);
            return Optional.of(
                    Result.of(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed, NONCE, sealed.length - NONCE)));
        } catch (AEADBadTagException | IllegalArgumentException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM and HKDF", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        SecretKey key = KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(effect.messageId().getBytes(StandardCharsets.US_ASCII))
                                .thenExpand(info("key", effect).getBytes(StandardCharsets.UTF_8), 32));
        Cipher cipher = Cipher.getInstance(AES_GCM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    /// Lengths keep apart what would read the same in a row.
    private static String info(String purpose, Effect effect) {
        return "ssp1 journal " + purpose + '\n' + effect.tenant().length() + '\n' + effect.tenant() + '\n'
                + effect.clientId().length() + '\n' + effect.clientId() + '\n';
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

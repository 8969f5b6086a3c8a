package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;

/// SSP1's key schedule: HKDF-SHA256 with the labels of the protocol document. Pure functions; the caller erases
/// what they return.
final class KeySchedule {
    private static final byte[] NO_CONTEXT = {};
    static final int SECRET_LENGTH = 32;
    static final int NONCE_LENGTH = 12;

    private KeySchedule() {}

    /// `prk = HKDF-Extract(salt = th2, ikm = exp1 || exp2)`.
    static Secret masterSecret(byte[] th2, byte[] exp1, byte[] exp2) {
        try (Secret first = Secret.owning(exp1.clone());
                Secret second = Secret.owning(exp2.clone())) {
            // deriveData, not deriveKey: the JDK's key object could not be erased.
            return Secret.owning(hkdf().deriveData(HKDFParameterSpec.ofExtract()
                    .addSalt(th2)
                    .addIKM(first)
                    .addIKM(second)
                    .extractOnly()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF refused its input", e);
        }
    }

    /// `fin_r`: the relay's proof that it derived the same keys from the same transcript.
    static byte[] relayFinish(Secret prk, byte[] th2) {
        try (Secret key = expand(prk, "fin r")) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(th2);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC refused its key", e);
        }
    }

    /// `es_0`.
    static Secret firstEpoch(Secret prk) {
        return Secret.owning(expand(prk, "epoch", Hashing.u32(0), SECRET_LENGTH));
    }

    /// `es_{n+1}` from `es_n`; the caller erases `es_n`.
    static Secret nextEpoch(Secret epochSecret, int next) {
        return Secret.owning(expand(epochSecret, "upd", Hashing.u32(next), SECRET_LENGTH));
    }

    /// The key with which `sender` seals the frames of an epoch.
    static Secret frameKey(Secret epochSecret, Role sender) {
        return Secret.aes(expand(epochSecret, "key " + sender.label(), NO_CONTEXT, SECRET_LENGTH));
    }

    /// The value every nonce of that key starts from.
    static byte[] frameIv(Secret epochSecret, Role sender) {
        return expand(epochSecret, "iv " + sender.label(), NO_CONTEXT, NONCE_LENGTH);
    }

    /// `commit_n`: binds an epoch's ciphertexts to one key, which AES-GCM by itself does not.
    static byte[] commitment(Secret epochSecret) {
        return expand(epochSecret, "commit", NO_CONTEXT, SECRET_LENGTH);
    }

    private static Secret expand(Secret prk, String label) {
        return Secret.owning(expand(prk, label, NO_CONTEXT, SECRET_LENGTH));
    }

    /// `XL(prk, label, ctx, L)`.
    private static byte[] expand(Secret prk, String label, byte[] context, int length) {
        byte[] name = ("ssp1 " + label).getBytes(US_ASCII);
        byte[] info = ByteBuffer.allocate(Short.BYTES + 1 + name.length + 1 + context.length)
                .putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) context.length)
                .put(context)
                .array();
        try {
            return hkdf().deriveData(HKDFParameterSpec.expandOnly(prk, info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF refused its input", e);
        }
    }

    private static KDF hkdf() throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256");
    }
}

package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// SSP1's primitives by Bouncy Castle, sharing no line with the production code.
final class SecondImplementation {
    private final HPKE hpke;

    private SecondImplementation(short kem) {
        this.hpke = new HPKE(HPKE.mode_base, kem, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    static SecondImplementation of(Suite suite) {
        return new SecondImplementation(
                switch (suite) {
                    case X_WING -> HPKE.kem_X_WING;
                    case X25519 -> HPKE.kem_X25519_SHA256;
                });
    }

    HPKE hpke() {
        return hpke;
    }

    AsymmetricCipherKeyPair derive(byte[] ikm) {
        return hpke.deriveKeyPair(ikm);
    }

    byte[] derivedPrivateKey(byte[] ikm) {
        return hpke.serializePrivateKey(derive(ikm).getPrivate());
    }

    static byte[] sha256(byte[]... parts) {
        SHA256Digest digest = new SHA256Digest();
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    static byte[] hmac(byte[] key, byte[] message) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        byte[] tag = new byte[mac.getMacSize()];
        mac.doFinal(tag, 0);
        return tag;
    }

    static byte[] extract(byte[] salt, byte[] ikm) {
        return hmac(salt, ikm);
    }

    static byte[] expand(byte[] prk, String label, byte[] context, int length) {
        byte[] name = ("ssp1 " + label).getBytes(US_ASCII);
        byte[] info = ByteBuffer.allocate(4 + name.length + context.length)
                .putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) context.length)
                .put(context)
                .array();
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(HKDFParameters.skipExtractParameters(prk, info));
        byte[] out = new byte[length];
        generator.generateBytes(out, 0, length);
        return out;
    }

    static byte[] sealFrame(byte[] key, byte[] iv, byte[] header, byte[] plaintext) throws InvalidCipherTextException {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[4 + i] ^= header[24 + i];
        }
        var gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
        gcm.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, header));
        byte[] sealed = new byte[gcm.getOutputSize(plaintext.length)];
        int length = gcm.processBytes(plaintext, 0, plaintext.length, sealed, 0);
        gcm.doFinal(sealed, length);
        return sealed;
    }
}

package dev.postern.auditing;

import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;

/// An Ed25519 key of its own, in memory, that signs for any log.
public final class TestSigner {
    private final KeyPair keys;

    public TestSigner() {
        try {
            this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }

    public NoteSigner of(String origin) {
        return new NoteSigner(NoteVerifier.of(origin, publicKey()), this::sign);
    }

    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }
}

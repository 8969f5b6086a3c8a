package dev.postern.tlog.store;

import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The public test key of the golden log.
public final class TestKeys {

    public static final String ORIGIN = "example.com/log/testdata";
    public static final String PRIVATE =
            "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";
    public static final String PUBLIC =
            "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

    private TestKeys() {}

    public static NoteVerifier verifier() {
        return NoteVerifier.parse(PUBLIC).orElseThrow();
    }

    public static NoteSigner signer() {
        byte[] typed = Base64.getDecoder().decode(PRIVATE.split("\\+", 5)[4]);
        ByteArrayOutputStream pkcs8 = new ByteArrayOutputStream();
        pkcs8.writeBytes(HexFormat.of().parseHex("302e020100300506032b657004220420"));
        pkcs8.writeBytes(Arrays.copyOfRange(typed, 1, typed.length));
        try {
            PrivateKey key =
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()));
            return new NoteSigner(verifier(), message -> sign(key, message));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.postern.bench;

import dev.postern.session.Suite;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;

/// The asymmetric part of a handshake by Conscrypt, with nothing around it.
final class BareHpke {
    private static final Provider CONSCRYPT = Conscrypt.newProvider();
    private static final byte[] NONE = {};

    private final String keys;
    private final String suite;
    private final KeyPair relay;

    private BareHpke(String keys, String suite) throws GeneralSecurityException {
        this.keys = keys;
        this.suite = suite;
        this.relay = pair();
    }

    static BareHpke of(Suite suite) {
        try {
            return switch (suite) {
                case X_WING -> new BareHpke("XWING", "XWING/HKDF_SHA256/AES_256_GCM");
                case X25519 -> new BareHpke("XDH", "DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/AES_256_GCM");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyPair pair() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(keys, CONSCRYPT).generateKeyPair();
    }

    /// There under the relay's key, back under a new one of the client's.
    byte[] exchange() throws GeneralSecurityException {
        KeyPair client = pair();
        deliver(relay);
        return deliver(client);
    }

    private byte[] deliver(KeyPair to) throws GeneralSecurityException {
        HpkeContextSender sender = HpkeContextSender.getInstance(suite, CONSCRYPT);
        sender.init(to.getPublic(), NONE);
        HpkeContextRecipient recipient = HpkeContextRecipient.getInstance(suite, CONSCRYPT);
        recipient.init(sender.getEncapsulated(), to.getPrivate(), NONE);
        return recipient.open(sender.seal(NONE, NONE), NONE);
    }
}

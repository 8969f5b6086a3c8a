package dev.postern.session;

import java.security.GeneralSecurityException;
import org.conscrypt.HpkeContextRecipient;

/// One private HPKE key of a relay with the configuration that published it.
final class RelayKey implements AutoCloseable {
    private static final byte[] NO_INFO = {};

    private final KeyId id;
    private final KemKeyPair pair;
    private final KeyConfig config;
    private final byte[] decoy;

    RelayKey(KeyId id, KemKeyPair pair, KeyConfig config) {
        this.id = id;
        this.pair = pair;
        this.config = config;
        try {
            this.decoy = Hpke.sender(pair.suite(), pair.publicKey(), NO_INFO).getEncapsulated();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key born here does not work", e);
        }
    }

    KeyId id() {
        return id;
    }

    Suite suite() {
        return pair.suite();
    }

    KeyConfig config() {
        return config;
    }

    /// Decapsulates. An encapsulation the KEM refuses outright costs no less than any other: a decoy of our own
    /// takes its place, and the tag then fails as it does for every other forgery.
    HpkeContextRecipient decapsulate(byte[] encapsulation, byte[] info) throws GeneralSecurityException {
        try {
            return Hpke.recipient(pair, encapsulation, info);
        } catch (GeneralSecurityException _) {
            return Hpke.recipient(pair, decoy, info);
        }
    }

    @Override
    public void close() {
        pair.close();
    }
}

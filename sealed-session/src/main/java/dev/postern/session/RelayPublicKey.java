package dev.postern.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One HPKE public key of a relay, as its key configuration publishes it.
public final class RelayPublicKey {
    private final KeyId id;
    private final Suite suite;
    private final byte[] octets;

    RelayPublicKey(KeyId id, Suite suite, byte[] octets) {
        if (octets.length != suite.publicKeyLength()) {
            throw new IllegalArgumentException(
                    "a public key of " + suite + " has " + suite.publicKeyLength() + " octets");
        }
        this.id = id;
        this.suite = suite;
        this.octets = octets.clone();
    }

    public KeyId id() {
        return id;
    }

    public Suite suite() {
        return suite;
    }

    byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelayPublicKey key
                && id.equals(key.id)
                && suite == key.suite
                && Arrays.equals(octets, key.octets);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "RelayPublicKey[" + id + ", " + suite + "]";
    }
}

package dev.postern.session;

import java.util.Arrays;
import java.util.Optional;

/// The HPKE suites SSP1 knows. KDF and AEAD are the same in both: HKDF-SHA256 and AES-256-GCM.
///
/// Nothing in this library falls from one suite to the other by itself: a client names the suites it permits, a
/// relay those it publishes, and the choice is bound into the handshake's first transcript hash.
public enum Suite {
    /// ML-KEM-768 combined with X25519: the default; recorded sessions stay closed to a later quantum computer.
    X_WING(0x647a, 1216, 1120, "XWING/HKDF_SHA256/AES_256_GCM"),
    /// The classical KEM, for clients that have no X-Wing.
    X25519(0x0020, 32, 32, "DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/AES_256_GCM");

    static final int KDF = 0x0001;
    static final int AEAD = 0x0002;

    private final int kem;
    private final int publicKeyLength;
    private final int encapsulationLength;
    private final String conscryptName;

    Suite(int kem, int publicKeyLength, int encapsulationLength, String conscryptName) {
        this.kem = kem;
        this.publicKeyLength = publicKeyLength;
        this.encapsulationLength = encapsulationLength;
        this.conscryptName = conscryptName;
    }

    /// The suite with exactly these three registered identifiers, if it is one of SSP1's.
    public static Optional<Suite> of(int kem, int kdf, int aead) {
        if (kdf != KDF || aead != AEAD) {
            return Optional.empty();
        }
        return Arrays.stream(values()).filter(suite -> suite.kem == kem).findFirst();
    }

    /// The KEM's identifier in the HPKE registry.
    public int kem() {
        return kem;
    }

    /// Octets of a serialized public key.
    public int publicKeyLength() {
        return publicKeyLength;
    }

    /// Octets of an encapsulation.
    public int encapsulationLength() {
        return encapsulationLength;
    }

    String conscryptName() {
        return conscryptName;
    }
}

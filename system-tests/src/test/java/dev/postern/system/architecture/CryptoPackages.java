package dev.postern.system.architecture;

/// Who may do cryptography, each with its reason. To lengthen these lists is a decision for a review, not for a build
/// fix.
final class CryptoPackages {
    /// May use `javax.crypto`.
    static final String[] CIPHERS = {
        // SSP1: key schedule and frames
        "dev.postern.session..",
        // the sealed keyset file
        "dev.postern.kms..",
    };

    /// May make a `SecureRandom` where a platform type asks for one of its own.
    static final String[] RANDOM_SOURCES = {
        "dev.postern.session..", "dev.postern.kms..",
    };

    private CryptoPackages() {}
}
